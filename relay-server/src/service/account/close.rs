//! The end of an account, as a saga: each step may be repeated after a crash.

use chatty_protocol::UserId;

use crate::notice::Notice;
use crate::service::Served;
use crate::state::App;

/// Sagas finished in one go.
const AT_ONCE: usize = 100;

/// Starts the saga and goes as far as it can. What a crash leaves open, [`finish_sagas`] ends.
pub(super) async fn close_account(app: &App, user: UserId) -> Served<()> {
    app.store.saga_start(user).await?;
    app.notices
        .send(Notice::AccountSessionsEnded { user, except: None });
    app.store.saga_finish(user, app.now_ms()).await?;
    Ok(())
}

/// Ends sagas that were begun before a crash.
pub async fn finish_sagas(app: &App) -> Served<()> {
    for saga in app.store.sagas(AT_ONCE).await? {
        let user = saga.user;
        app.notices
            .send(Notice::AccountSessionsEnded { user, except: None });
        app.store.saga_finish(user, app.now_ms()).await?;
    }
    Ok(())
}
