//! The TypeScript client, written from the same list. No `bigint`: every number fits 53 bits.

use std::collections::BTreeMap;

use chatty_protocol::ErrorCode;
use ts_rs::{Config, TS, TypeVisitor};

use super::repeat::REPEATABLE;
use super::{ApiError, Event, LocalCode, methods};

/// Stands for [`super::Code`] in TypeScript: the union of all code words.
#[derive(TS)]
#[ts(rename = "Code", type = "never")]
pub struct CodeUnion;

/// Collects the declaration of every type that the list reaches.
pub(super) struct Declarations {
    config: Config,
    types: BTreeMap<String, String>,
    methods: Vec<String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        T::visit_generics(self);
        // Only derived types have a path of their own; the others are written in place.
        if T::output_path().is_none() {
            return T::visit_dependencies(self);
        }
        let name = T::ident(&self.config);
        if self.types.contains_key(&name) {
            return;
        }
        let declaration = T::decl(&self.config);
        let docs = T::docs().unwrap_or_default();
        let text = format!("{docs}export {declaration}\n");
        self.types.insert(name, text);
        T::visit_dependencies(self);
    }
}

impl Declarations {
    fn new() -> Self {
        Self {
            config: Config::new().with_large_int("number"),
            types: BTreeMap::new(),
            methods: Vec::new(),
        }
    }

    /// Takes up one method of the list.
    pub(super) fn method<P: TS + 'static, R: TS + 'static>(&mut self, name: &str) {
        self.visit::<P>();
        self.visit::<R>();
        let params = P::name(&self.config);
        let reply = R::name(&self.config);
        self.methods.push(format!(
            "  \"{name}\": {{ params: {params}; reply: {reply} }};\n"
        ));
    }
}

/// The whole file, as it is committed under `client-core/bindings/chatty.ts`.
pub fn client() -> String {
    let mut all = Declarations::new();
    methods::visit_types(&mut all);
    all.visit::<Event>();
    all.visit::<ApiError>();
    let codes = LocalCode::ALL
        .iter()
        .map(|code| code.as_str())
        .chain(ErrorCode::ALL.iter().map(|code| code.as_str()))
        .map(|code| format!("\"{code}\""))
        .collect::<Vec<_>>()
        .join(" | ");
    all.types.insert(
        "Code".into(),
        format!(
            "/** Codes of the engine, then those of the relay. */\nexport type Code = {codes};\n"
        ),
    );
    all.types.remove("LocalCode");
    let types: String = all.types.into_values().collect();
    let methods: String = all.methods.concat();
    let repeatable: String = REPEATABLE
        .iter()
        .map(|name| format!("  \"{name}\",\n"))
        .collect();
    let file = format!(
        "{HEAD}\n{types}\n/** Every method with its parameters and its reply. */\nexport interface Methods {{\n{methods}}}\n\n/** Methods that do nothing more when they come a second time. */\nexport const REPEATABLE = [\n{repeatable}] as const satisfies readonly (keyof Methods)[];\n{TAIL}"
    );
    // ts-rs leaves a space before each line break.
    let lines = file.lines().map(str::trim_end);
    lines.flat_map(|line| [line, "\n"]).collect()
}

const HEAD: &str = "\
// Written by `cargo test -p chatty-core` from client-core/src/api (CHATTY_UPDATE=1 writes it anew).
// Change the Rust side, never this file.
";

const TAIL: &str = "
/** How a shell reaches the engine: Tauri, a worker, or stdin and stdout. */
export interface Transport {
  call(method: string, params: unknown): Promise<unknown>;
  listen(listener: (event: Event) => void): () => void;
}

/** The typed client over any transport; errors are rejected as `ApiError`. */
export interface Client {
  call<M extends keyof Methods>(method: M, params: Methods[M][\"params\"]): Promise<Methods[M][\"reply\"]>;
  listen(listener: (event: Event) => void): () => void;
}

export function client(transport: Transport): Client {
  return {
    call: (method, params) => transport.call(method, params) as Promise<never>,
    listen: (listener) => transport.listen(listener),
  };
}
";
