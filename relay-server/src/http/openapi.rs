//! `/openapi.json`, made from the route list.

use std::collections::BTreeMap;

use axum::Json;
use chatty_protocol::{ErrorBody, ErrorCode};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn, Paths};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Content, InfoBuilder, OpenApi, OpenApiBuilder, Ref, Required, ResponseBuilder, ResponsesBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use super::route::{Access, BodyName, Route};
use super::routes;

/// Name of the security scheme.
const BEARER: &str = "access_token";
/// Extension of a response: the codes that it may carry.
const CODES: &str = "x-codes";

/// `GET /openapi.json`
pub async fn openapi() -> Json<OpenApi> {
    Json(document())
}

/// The whole document.
pub fn document() -> OpenApi {
    let mut schemas = vec![(ErrorBody::name().into_owned(), ErrorBody::schema())];
    ErrorBody::schemas(&mut schemas);
    let mut paths = Paths::new();
    for route in routes::v1() {
        schemas.extend(route.schemas.clone());
        let path = format!("/v1{}", route.path);
        paths.add_path_operation(path, vec![route.method.clone()], operation(&route));
    }
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(BEARER, SecurityScheme::Http(bearer))
        .build();
    let info = InfoBuilder::new()
        .title("Chatty relay")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "What a relay answers over REST. Messages travel over the WebSocket /v1/ws \
             (docs/protocol.md).",
        ))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components))
        .build()
}

fn operation(route: &Route) -> OperationBuilder {
    let mut operation = OperationBuilder::new()
        .summary(Some(route.summary))
        .responses(responses(route));
    if route.access != Access::Anyone {
        let none: [&str; 0] = [];
        operation = operation.security(SecurityRequirement::new(BEARER, none));
    }
    if let Some(name) = &route.request {
        let body = RequestBodyBuilder::new()
            .required(Some(Required::True))
            .content("application/json", content(name))
            .build();
        operation = operation.request_body(Some(body));
    }
    for name in path_parameters(route.path) {
        operation = operation.parameter(parameter(name, ParameterIn::Path, Type::String));
    }
    for name in route.query {
        operation = operation.parameter(parameter(name, ParameterIn::Query, query_type(name)));
    }
    operation
}

fn responses(route: &Route) -> ResponsesBuilder {
    let mut responses = ResponsesBuilder::new();
    for (status, body) in &route.answers {
        let mut response = ResponseBuilder::new().description("done");
        if let Some(name) = body {
            response = response.content("application/json", content(name));
        }
        responses = responses.response(status.to_string(), response.build());
    }
    let mut by_status: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    for code in route.codes() {
        by_status
            .entry(code.status())
            .or_default()
            .push(ErrorCode::as_str(code));
    }
    for (status, codes) in by_status {
        let error = content(&ErrorBody::name().into_owned());
        let response = ResponseBuilder::new()
            .description(codes.join(", "))
            .content("application/problem+json", error)
            .extensions(Some(Extensions::from_iter([(CODES, codes)])))
            .build();
        responses = responses.response(status.to_string(), response);
    }
    responses
}

fn content(name: &BodyName) -> Content {
    Content::new(Some(Ref::from_schema_name(name)))
}

fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn query_type(name: &str) -> Type {
    if name == "cursor" {
        Type::String
    } else {
        Type::Integer
    }
}

fn parameter(name: &str, place: ParameterIn, of: Type) -> ParameterBuilder {
    let required = if place == ParameterIn::Path {
        Required::True
    } else {
        Required::False
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .schema(Some(ObjectBuilder::new().schema_type(of)))
}
