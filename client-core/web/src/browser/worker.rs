//! From a fresh worker to a running engine, and the messages to and from its page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use chatty_core::api::{ApiError, Handle, LocalCode};
use chatty_core::engine;
use chatty_core::platform::Platform;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::database::{self, Pool};
use super::epoch_file::EpochFile;
use super::failure::StartError;
use super::lock::{self, Held};
use super::platform::Browser;
use super::{clock, js, key_wrap};
use crate::wire::{self, Answer, Stage, Told};

/// What the worker's tasks share.
struct Worker {
    scope: DedicatedWorkerGlobalScope,
    stage: RefCell<Stage>,
    engine: RefCell<Option<Handle>>,
    /// Calls that have no answer yet.
    open_calls: Cell<u32>,
}

/// Runs the engine of this origin in this worker, for as long as the worker lives.
///
/// Waits while another tab has it. Every failure is told to the page as a stage.
#[wasm_bindgen]
pub async fn serve() {
    let Some(scope) = js::scope() else { return };
    let worker = Rc::new(Worker {
        scope,
        stage: RefCell::new(Stage::Starting),
        engine: RefCell::default(),
        open_calls: Cell::default(),
    });
    report_panics();
    worker.clone().listen();
    worker.enter(Stage::Starting);
    let last = match worker.run().await {
        Ok(()) => Stage::Stopped,
        Err(error) => Stage::Failed {
            error: Box::new(error.into()),
        },
    };
    worker.engine.replace(None);
    worker.enter(last);
}

impl Worker {
    async fn run(self: &Rc<Self>) -> Result<(), StartError> {
        // Dropped last: only then may another tab open the files.
        let _held = self.take_lock().await?;
        let epoch = Rc::new(EpochFile::open().await?);
        let platform: Rc<dyn Platform> = Rc::new(Browser::new(epoch.clone()));
        let pool = Pool::open().await?;
        let root = key_wrap::unlock(&*platform, pool.has_store()?).await?;
        let opened = database::open(&root.database()?, &epoch)?;
        let damaged = opened.damaged;
        let options = engine::Options { offline: damaged };
        let (handle, running) = engine::start(platform, opened.store, options);
        spawn_local(self.clone().tell_events(handle.clone()));
        self.engine.replace(Some(handle));
        self.enter(Stage::Ready { damaged });
        running.await;
        pool.close()?;
        // The engine has answered or dropped every call; those answers leave before the last stage.
        while self.open_calls.get() > 0 {
            clock::sleep(0).await;
        }
        Ok(())
    }

    async fn take_lock(&self) -> Result<Held, StartError> {
        if let Some(held) = lock::try_take().await? {
            return Ok(held);
        }
        self.enter(Stage::Waiting);
        let held = lock::take().await?;
        self.enter(Stage::Starting);
        Ok(held)
    }

    /// Takes calls from the page from now on.
    fn listen(self: Rc<Self>) {
        let scope = self.scope.clone();
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let call = event.data().as_string().and_then(|text| wire::parse(&text));
            if let Some(call) = call {
                spawn_local(self.clone().answer(call));
            }
        });
        scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        // The worker listens for as long as it lives.
        listener.forget();
    }

    async fn answer(self: Rc<Self>, call: wire::Call) {
        self.open_calls.set(self.open_calls.get() + 1);
        let engine = self.engine.borrow().clone();
        let result = match engine {
            Some(engine) => engine.call_json(&call.method, call.params).await,
            None => Err(self.stage.borrow().refusal()),
        };
        self.tell(&Told::Answer(Answer::new(call.id, result)));
        self.open_calls.set(self.open_calls.get() - 1);
    }

    async fn tell_events(self: Rc<Self>, handle: Handle) {
        let Ok(events) = handle.listen().await else {
            return;
        };
        // A handle more would keep the engine from ending.
        drop(handle);
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

    fn tell(&self, told: &Told) {
        post(&self.scope, told);
    }
}

/// Text, so that both sides read the same JSON and nothing is cloned that is not JSON.
fn post(scope: &DedicatedWorkerGlobalScope, told: &Told) {
    // Refused only for values that cannot be cloned; a text can.
    let _ = scope.post_message(&JsValue::from_str(&wire::write(told)));
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
        if let Some(scope) = js::scope() {
            post(&scope, &Told::Stage { stage });
        }
    }));
}
