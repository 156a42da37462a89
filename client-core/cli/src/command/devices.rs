//! `devices list | approve | revoke | name`.

use crate::api::{
    ApiError, Approval, ApprovalStep, Device, DeviceApprove, DeviceConfirm, DeviceList,
    DeviceRename, DeviceRevoke, LocalCode, Sas,
};
use chatty_protocol::DeviceId;

use crate::args::Devices;
use crate::exit::{Exit, usage};
use crate::input::confirm;
use crate::output::{Output, plain, time};
use crate::visit::Visit;

/// Shortest prefix that names a device.
const PREFIX: usize = 8;

/// Lists or changes the account's devices.
pub async fn run(output: &Output, visit: &Visit<'_>, what: &Devices) -> Result<Exit, ApiError> {
    match what {
        Devices::List => {
            let devices = visit.handle.call(DeviceList {}).await?;
            output.rows(&devices, "No devices.", text);
        }
        Devices::Approve { id, yes } => {
            let device = find(visit, id).await?;
            let timeout_ms = visit.timeout_ms();
            let approval = visit
                .handle
                .call(DeviceApprove { device, timeout_ms })
                .await?;
            let approval = decide(output, visit, approval, *yes, timeout_ms).await?;
            output.row(&approval, |approval| {
                format!("{}: {}", plain(&approval.name), approval.step)
            });
            if approval.step != ApprovalStep::Done {
                return Ok(Exit::Refused);
            }
        }
        Devices::Revoke { id } => {
            let device = find(visit, id).await?;
            visit.handle.call(DeviceRevoke { device }).await?;
            output.say("Removed for good.");
        }
        Devices::Name { name, device } => {
            let device = match device {
                Some(id) => Some(find(visit, id).await?),
                None => None,
            };
            visit
                .handle
                .call(DeviceRename {
                    device,
                    name: name.clone(),
                })
                .await?;
            output.say("Named.");
        }
    }
    Ok(Exit::Done)
}

/// Shows the pictures, asks (or warns that nobody was asked), and answers the other device.
pub async fn decide(
    output: &Output,
    visit: &Visit<'_>,
    approval: Approval,
    yes: bool,
    timeout_ms: u64,
) -> Result<Approval, ApiError> {
    let Some(sas) = approval
        .sas
        .as_ref()
        .filter(|_| approval.step == ApprovalStep::Compare)
    else {
        return Ok(approval);
    };
    output.ask(&pictures(sas));
    let same = if yes {
        output.warn(
            "not_compared",
            "confirmed without comparing the pictures (--yes)",
        );
        true
    } else {
        confirm(
            output,
            "Does the other device show the same pictures, in the same order?",
        )
    };
    visit
        .handle
        .call(DeviceConfirm {
            approval: approval.id,
            same,
            timeout_ms,
        })
        .await
}

fn pictures(sas: &Sas) -> String {
    let emoji = sas
        .emoji
        .iter()
        .map(|one| format!("{} {}", one.symbol, one.name));
    let numbers = sas.numbers.iter().map(|number| format!("{number:04}"));
    let join = |parts: Vec<String>, with: &str| parts.join(with);
    format!(
        "\n    {}\n    ({})\n",
        join(emoji.collect(), "   "),
        join(numbers.collect(), " ")
    )
}

async fn find(visit: &Visit<'_>, id: &str) -> Result<DeviceId, ApiError> {
    if let Ok(device) = id.parse() {
        return Ok(device);
    }
    if id.len() < PREFIX {
        return Err(usage(
            "a device is named by its id or a prefix of 8 or more characters",
        ));
    }
    let devices = visit.handle.call(DeviceList {}).await?;
    let mut found = devices
        .iter()
        .filter(|device| device.id.to_string().starts_with(id));
    match (found.next(), found.next()) {
        (Some(device), None) => Ok(device.id),
        _ => Err(ApiError::new(
            LocalCode::NoSuchDevice,
            "there is no device of that id",
        )),
    }
}

fn text(device: &Device) -> String {
    let here = if device.current { " (this one)" } else { "" };
    let name = plain(&device.name);
    let created = time(device.created_ms);
    format!(
        "{}  {name}{here}  {} {}, since {created}",
        device.id, device.class, device.state
    )
}
