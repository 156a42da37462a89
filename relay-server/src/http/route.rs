//! One entry of the route list: a handler with everything that the OpenAPI document says of it.
//! Router and document are made from the same list, so neither can know a route that the other
//! does not.

use std::collections::BTreeMap;

use axum::routing::MethodRouter;
use chatty_protocol::ErrorCode;
use utoipa::ToSchema;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::{RefOr, Schema};

use crate::state::SharedApp;

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Anyone,
    /// A live session of any scope.
    Session,
    /// A live device.
    Device,
    /// A live device of an account with a verified address.
    Verified,
}

/// A body's type by name; its schema is among the components.
pub type BodyName = String;

/// One operation.
pub struct Route {
    /// Method.
    pub method: HttpMethod,
    /// Pattern, below `/v1` when it is of the API.
    pub path: &'static str,
    /// Who may call.
    pub access: Access,
    /// What it does, in one line.
    pub summary: &'static str,
    /// What answers.
    pub handler: MethodRouter<SharedApp>,
    /// Body of the request.
    pub request: Option<BodyName>,
    /// Query parameters, all optional.
    pub query: &'static [&'static str],
    /// Good answers: status and body.
    pub answers: Vec<(u16, Option<BodyName>)>,
    /// Codes beside those that follow from the rest.
    pub refusals: Vec<ErrorCode>,
    /// Schemas that the bodies use.
    pub schemas: BTreeMap<String, RefOr<Schema>>,
}

/// Begins an entry.
pub fn route(
    method: HttpMethod,
    path: &'static str,
    access: Access,
    handler: MethodRouter<SharedApp>,
    summary: &'static str,
) -> Route {
    Route {
        method,
        path,
        access,
        summary,
        handler,
        request: None,
        query: &[],
        answers: Vec::new(),
        refusals: Vec::new(),
        schemas: BTreeMap::new(),
    }
}

impl Route {
    fn keep<T: ToSchema>(&mut self) -> BodyName {
        let mut found = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut found);
        self.schemas.extend(found);
        T::name().into_owned()
    }

    /// The request has this JSON body.
    pub fn takes<T: ToSchema>(mut self) -> Self {
        self.request = Some(self.keep::<T>());
        self
    }

    /// A good answer has this JSON body.
    pub fn gives<T: ToSchema>(mut self, status: u16) -> Self {
        let name = self.keep::<T>();
        self.answers.push((status, Some(name)));
        self
    }

    /// A good answer has no body.
    pub fn done(mut self) -> Self {
        self.answers.push((204, None));
        self
    }

    /// Optional query parameters.
    pub fn query(mut self, names: &'static [&'static str]) -> Self {
        self.query = names;
        self
    }

    /// Codes that this operation adds.
    pub fn refuses(mut self, codes: &[ErrorCode]) -> Self {
        self.refusals.extend_from_slice(codes);
        self
    }

    /// Every code that may come.
    pub fn codes(&self) -> Vec<ErrorCode> {
        use ErrorCode as C;
        let mut codes = vec![
            C::RateLimited,
            C::Busy,
            C::Draining,
            C::Maintenance,
            C::StorageFull,
            C::Internal,
        ];
        if self.access != Access::Anyone {
            codes.extend([C::Unauthorised, C::TokenExpired]);
        }
        if matches!(self.access, Access::Device | Access::Verified) {
            codes.extend([C::Scope, C::UnknownDevice, C::DeviceRevoked]);
        }
        if self.access == Access::Verified {
            codes.push(C::NotVerified);
        }
        if self.request.is_some() {
            codes.extend([C::Malformed, C::TooLarge]);
        }
        if !self.query.is_empty() {
            codes.push(C::Malformed);
        }
        if self.path.contains('{') {
            codes.push(C::NotFound);
        }
        codes.extend_from_slice(&self.refusals);
        codes.sort_unstable_by_key(|code| (code.status(), code.as_str()));
        codes.dedup();
        codes
    }
}
