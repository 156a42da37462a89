//! From a fresh worker to a running engine, and the texts to and from it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use async_channel::Receiver;
use chatty_core::api::{ApiError, Event, Handle, LocalCode};
use chatty_core::engine;
use chatty_core::platform::Platform;
use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

use super::clock;
use super::database::{self, Pool};
use super::epoch_file::EpochFile;
use super::failure::StartError;
use super::key_wrap::Vault;
use super::platform::Browser;
use crate::wire::{self, Answer, Stage, Told};

/// What the worker's tasks share.
struct Worker {
    /// `tell(text)`, for an answer `tell(text, number of the call)`.
    tell: Function,
    stage: RefCell<Stage>,
    engine: RefCell<Option<Handle>>,
    /// Calls that have no answer yet.
    open_calls: Cell<u32>,
}

thread_local! {
    /// The one of this worker; a module is used for one run of the engine.
    static WORKER: RefCell<Option<Rc<Worker>>> = const { RefCell::new(None) };
}

/// Runs the engine of this origin in this worker, until it is shut down. The caller holds the lock
/// of the store (`ui/src/bridge/hub.ts`). Every failure is told as a stage.
#[wasm_bindgen]
pub async fn serve(tell: Function) {
    let worker = Rc::new(Worker {
        tell,
        stage: RefCell::new(Stage::Starting),
        engine: RefCell::default(),
        open_calls: Cell::default(),
    });
    WORKER.set(Some(worker.clone()));
    report_panics();
    let last = match worker.run().await {
        Ok(()) => Stage::Stopped,
        Err(error) => Stage::Failed {
            error: Box::new(error.into()),
        },
    };
    worker.engine.replace(None);
    worker.enter(last);
}

/// Takes a call: the JSON of [`wire::Call`]. Its answer is told.
#[wasm_bindgen]
pub fn hear(text: &str) {
    let worker = WORKER.with_borrow(Clone::clone);
    if let (Some(worker), Some(call)) = (worker, wire::parse(text)) {
        spawn_local(worker.answer(call));
    }
}

impl Worker {
    async fn run(self: &Rc<Self>) -> Result<(), StartError> {
        let pool = Pool::open().await?;
        let ended = self.run_on(&pool).await;
        // Also after an error: another tab must be able to open the files.
        pool.close()?;
        ended
    }

    async fn run_on(self: &Rc<Self>, pool: &Pool) -> Result<(), StartError> {
        let epoch = Rc::new(EpochFile::open().await?);
        let platform: Rc<dyn Platform> = Rc::new(Browser::new(epoch.clone()));
        let vault = Vault::open().await?;
        let root = vault.unlock(&*platform, pool.has_store()?).await?;
        let mut opened = database::open(pool, &root.database()?, &epoch)?;
        let damaged = opened.damaged;
        if vault.note_store().await? && opened.epoch_lost && !damaged {
            opened.store.distrust()?;
        }
        let options = engine::Options { offline: damaged };
        let (handle, running) = engine::start(platform, opened.store, options);
        // Before the engine runs: it may have something to tell of the store that it found.
        if let Ok(events) = handle.listen().await {
            spawn_local(self.clone().tell_events(events));
        }
        self.engine.replace(Some(handle));
        self.enter(Stage::Ready { damaged });
        running.await;
        // The engine has answered or dropped every call; those answers leave before the last stage.
        while self.open_calls.get() > 0 {
            clock::sleep(0).await;
        }
        Ok(())
    }

    async fn answer(self: Rc<Self>, call: wire::Call) {
        self.open_calls.set(self.open_calls.get() + 1);
        let engine = self.engine.borrow().clone();
        let result = match engine {
            Some(engine) => engine.call_json(&call.method, call.params).await,
            None => Err(self.stage.borrow().refusal()),
        };
        let number = JsValue::from(call.id);
        let answer = wire::write(&Told::Answer(Answer::new(call.id, result)));
        // The hub's function does not throw; if it did, there would be nobody to hear of it.
        let _ = self.tell.call2(&JsValue::NULL, &answer.into(), &number);
        self.open_calls.set(self.open_calls.get() - 1);
    }

    async fn tell_events(self: Rc<Self>, events: Receiver<Event>) {
        while let Ok(event) = events.recv().await {
            self.tell(&Told::Event {
                event: Box::new(event),
            });
        }
    }

    fn enter(&self, stage: Stage) {
        self.stage.replace(stage.clone());
        self.tell(&Told::Stage { stage });
    }

    /// As text: both sides read the same JSON, and it crosses every boundary as it is.
    fn tell(&self, told: &Told) {
        let _ = self.tell.call1(&JsValue::NULL, &wire::write(told).into());
    }
}

/// A panic ends the module: the page must hear of it. Where it was, and never what it said.
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let error = ApiError::new(LocalCode::Fault, format!("the engine broke at {place}"));
        let stage = Stage::Failed {
            error: Box::new(error.hint("reload the page")),
        };
        if let Ok(Some(worker)) = WORKER.try_with(|worker| worker.borrow().clone()) {
            worker.tell(&Told::Stage { stage });
        }
    }));
}
