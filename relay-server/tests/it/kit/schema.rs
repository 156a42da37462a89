//! Holds every answer of the route tests against `/openapi.json`: status, content type, code, and
//! the shape of the body down to its leaves.

use std::sync::LazyLock;

use serde_json::Value;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(chatty_relay::http::openapi::document()).unwrap());

/// Fails the test when the answer is not described.
pub fn check(method: &str, path: &str, status: u16, kind: Option<&str>, body: &[u8]) {
    let path = path.split('?').next().unwrap();
    if path == "/v1/ws" {
        // Not REST: a WebSocket handshake.
        return;
    }
    let call = format!("{method} {path} → {status}");
    let Some(operation) = operation(method, path) else {
        assert_eq!(status, 404, "{call}: not in the document");
        return;
    };
    let response = &operation["responses"][status.to_string()];
    assert!(
        response.is_object(),
        "{call}: status not documented: {}",
        text(body)
    );
    let Some(content) = response["content"].as_object() else {
        assert!(body.is_empty(), "{call}: a body where none is documented");
        return;
    };
    let (wanted, described) = content.iter().next().unwrap();
    assert_eq!(kind, Some(wanted.as_str()), "{call}: content type");
    let value: Value = serde_json::from_slice(body).unwrap_or_else(|e| panic!("{call}: {e}"));
    matches(&described["schema"], &value)
        .unwrap_or_else(|wrong| panic!("{call}: {wrong}: {value}"));
    if let Some(codes) = response["x-codes"].as_array() {
        assert!(
            codes.contains(&value["code"]),
            "{call}: code not documented: {value}"
        );
        assert_eq!(value["status"], status, "{call}");
    }
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

/// Every documented operation: method in capitals, path pattern.
pub fn operations() -> Vec<(String, String)> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().unwrap().keys();
        let methods =
            methods.filter(|key| ["get", "put", "post", "delete"].contains(&key.as_str()));
        let path = path.clone();
        methods
            .map(move |method| (method.to_uppercase(), path.clone()))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

/// Whether the document says that an operation reads a body.
pub fn takes_a_body(method: &str, pattern: &str) -> bool {
    operation(method, pattern).is_some_and(|operation| operation["requestBody"].is_object())
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    // A fixed part wins over a parameter, as in the router.
    let mut fitting: Vec<_> = paths
        .iter()
        .filter(|(pattern, _)| fits(pattern, path))
        .collect();
    fitting.sort_by_key(|(pattern, _)| pattern.matches('{').count());
    let method = method.to_lowercase();
    fitting.iter().find_map(|(_, item)| item.get(&method))
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    let same = |(a, b): (&&str, &&str)| a == b || (a.starts_with('{') && !b.is_empty());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(same)
}

fn matches(schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        let found = &DOCUMENT["components"]["schemas"][name];
        assert!(found.is_object(), "schema {name} is missing");
        return matches(found, value).map_err(|wrong| format!("{name}: {wrong}"));
    }
    for any in ["oneOf", "anyOf"] {
        if let Some(options) = schema[any].as_array() {
            let fits = options.iter().any(|option| matches(option, value).is_ok());
            return fits.then_some(()).ok_or(format!("none of {any}"));
        }
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        matches(part, value)?;
    }
    if let Some(allowed) = schema["enum"].as_array() {
        return allowed
            .contains(value)
            .then_some(())
            .ok_or("not in enum".into());
    }
    match &schema["type"] {
        Value::String(of) => of_type(of, schema, value),
        Value::Array(types) => {
            let fits = |of: &Value| of_type(of.as_str().unwrap(), schema, value).is_ok();
            types
                .iter()
                .any(fits)
                .then_some(())
                .ok_or("none of the types".into())
        }
        _ => Ok(()),
    }
}

fn of_type(of: &str, schema: &Value, value: &Value) -> Result<(), String> {
    match of {
        "object" => object(schema, value),
        "array" => {
            let rows = value.as_array().ok_or("not an array")?;
            let prefix = schema["prefixItems"].as_array();
            for (index, row) in rows.iter().enumerate() {
                let item = prefix
                    .and_then(|items| items.get(index))
                    .unwrap_or(&schema["items"]);
                if item.is_object() {
                    matches(item, row)?;
                }
            }
            Ok(())
        }
        "string" if value.is_string() => Ok(()),
        "integer" if value.is_u64() => Ok(()),
        "boolean" if value.is_boolean() => Ok(()),
        "null" if value.is_null() => Ok(()),
        other => Err(format!("not {other}")),
    }
}

fn object(schema: &Value, value: &Value) -> Result<(), String> {
    let fields = value.as_object().ok_or("not an object")?;
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap();
        fields.get(name).ok_or(format!("{name} is missing"))?;
    }
    let Some(known) = schema["properties"].as_object() else {
        return Ok(());
    };
    for (name, field) in fields {
        let schema = known.get(name).ok_or(format!("{name} is not described"))?;
        matches(schema, field).map_err(|wrong| format!("{name}: {wrong}"))?;
    }
    Ok(())
}
