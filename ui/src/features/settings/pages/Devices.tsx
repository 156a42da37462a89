// The devices of the account: confirm a new one by pictures, rename, remove.
import { useState, type FormEvent, type ReactNode } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { Ellipsis, Laptop, Pencil, Trash2 } from "lucide-react";
import type { Device } from "../../../../../client-core/bindings/chatty.ts";
import { useCall } from "../../../app/useCall.ts";
import { useNow } from "../../../app/useNow.ts";
import { AlertDialog } from "../../../components/AlertDialog/AlertDialog.tsx";
import { Tag } from "../../../components/Badge/Badge.tsx";
import { Button } from "../../../components/Button/Button.tsx";
import { Dialog } from "../../../components/Dialog/Dialog.tsx";
import { Failure } from "../../../components/Failure/Failure.tsx";
import { IconButton } from "../../../components/IconButton/IconButton.tsx";
import { Menu, MenuItem, MenuTrigger } from "../../../components/Menu/Menu.tsx";
import { TextField } from "../../../components/TextField/TextField.tsx";
import { useFreshDevices } from "../../../model/devices.ts";
import { useApi, useChatty } from "../../../model/use.ts";
import { ago, date } from "../../../text/time.ts";
import { DeviceIcon } from "../../devices/DeviceIcon.tsx";
import { WaitingDevice } from "../WaitingDevice.tsx";
import { Box, Page, Row } from "../parts.tsx";
import styles from "../Settings.module.css";

export function Devices() {
  useFreshDevices(3_000);
  const devices = useChatty((state) => state.devices);
  const all = [...devices.values()].filter((one) => one.state !== "revoked");
  const own = all.find((one) => one.current);
  const waiting = all.filter((one) => one.state === "waiting" && !one.current);
  const others = all.filter((one) => one.state !== "waiting" && !one.current).sort((a, b) => b.last_seen_ms - a.last_seen_ms);
  // A limited device decides nothing about others (docs/protocol.md, device log).
  const decides = own?.class !== "limited";
  return (
    <Page title={<Trans>Devices</Trans>} lead={<Trans>Each of these can read your messages. You confirm every new one.</Trans>}>
      {waiting.map((device) => <WaitingDevice key={device.id} device={device} decides={decides} />)}
      {own !== undefined && <Box title={<Trans>This device</Trans>} note={nature(own)}><DeviceRow device={own} decides={decides} /></Box>}
      {others.length > 0
        ? <Box title={<Trans>Your other devices</Trans>}>{others.map((device) => <DeviceRow key={device.id} device={device} decides={decides} />)}</Box>
        : waiting.length === 0 && decides && <p className={styles.below}><Trans>Only this device. Link another so you don't lose your place.</Trans></p>}
      <Box title={<Trans>Link a device</Trans>}>
        <Row id="link" icon={<Laptop size={20} />} title={<Trans>On the new device, open {location.host} and choose "I already use Chatty".</Trans>} hint={<Trans>It shows up here, and both screens show the same pictures. This gives it your messages from then on.</Trans>} />
      </Box>
    </Page>
  );
}

/** What this device is, where that is less than everything. */
function nature(device: Device): ReactNode {
  if (device.class === "limited") return <Trans>A browser beside your other devices is limited: it reads and writes, but lets no device in or out. After 30 days it ends, unless one of them renews it.</Trans>;
  if (device.platform === "web") return <Trans>A browser trusts the server that gave it this page.</Trans>;
  return undefined;
}

function DeviceRow({ device, decides }: { device: Device; decides: boolean }) {
  const { t, i18n } = useLingui();
  const now = useNow();
  const [open, setOpen] = useState<"rename" | "remove">();
  const close = () => setOpen(undefined);
  const seen = device.last_seen_ms === 0 ? undefined : ago(device.last_seen_ms, now, i18n.locale);
  const linked = date(device.created_ms, i18n.locale);
  return (
    <Row
      {...(device.current ? { id: "this" } : {})}
      icon={<DeviceIcon platform={device.platform} />}
      title={<bdi>{device.name}</bdi>}
      hint={device.current || seen === undefined ? <Trans>Linked {linked}</Trans> : <Trans>Active {seen}, linked {linked}</Trans>}
    >
      {device.state === "expired" && <Tag kind="warn"><Trans>Expired</Trans></Tag>}
      {device.state === "unconfirmed" && <Tag kind="warn"><Trans>Not confirmed, gets no messages</Trans></Tag>}
      {device.state === "approved" && device.class === "limited" && <Tag><Trans>Limited</Trans></Tag>}
      {device.state === "approved" && device.class === "full" && device.current && <Tag kind="ok"><Trans>Confirmed</Trans></Tag>}
      <MenuTrigger>
        <IconButton label={t`Actions for ${device.name}`} tooltip="none" size="small"><Ellipsis /></IconButton>
        <Menu label={t`Device`} placement="bottom end" onAction={(key) => setOpen(key as "rename" | "remove")}>
          <MenuItem id="rename" icon={<Pencil />}>{t`Rename`}</MenuItem>
          {!device.current && decides && <MenuItem id="remove" icon={<Trash2 />} danger>{t`Remove`}</MenuItem>}
        </Menu>
      </MenuTrigger>
      {open === "rename" && <Rename device={device} onClose={close} />}
      <Remove device={device} isOpen={open === "remove"} onClose={close} />
    </Row>
  );
}

function Rename({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useLingui();
  const api = useApi();
  const { busy, error, run } = useCall();
  const [name, setName] = useState(device.name);
  async function save(event?: FormEvent): Promise<void> {
    event?.preventDefault();
    if (name.trim() === "") return;
    const done = await run(() => api.call("device.rename", { device: device.id, name: name.trim() }));
    if (done !== undefined) onClose();
  }
  const actions = <><Button kind="quiet" onPress={onClose}><Trans>Cancel</Trans></Button><Button kind="primary" busy={busy} onPress={() => void save()}><Trans>Save</Trans></Button></>;
  return (
    <Dialog title={<Trans>Rename device</Trans>} isOpen onOpenChange={onClose} actions={actions}>
      <form onSubmit={(event) => void save(event)}>
        <TextField label={t`Name`} value={name} onChange={setName} maxLength={64} autoFocus hint={t`Only your own devices see it.`} {...(error === undefined ? {} : { error })} />
      </form>
    </Dialog>
  );
}

function Remove({ device, isOpen, onClose }: { device: Device; isOpen: boolean; onClose: () => void }) {
  const { t } = useLingui();
  const api = useApi();
  const call = useCall();
  async function remove(): Promise<void> {
    const done = await call.run(() => api.call("device.revoke", { device: device.id }));
    if (done !== undefined) onClose();
  }
  return (
    <AlertDialog title={<Trans>Remove <bdi>{device.name}</bdi>?</Trans>} action={t`Remove`} danger busy={call.busy} isOpen={isOpen} onOpenChange={onClose} onAction={() => void remove()}>
      <p><Trans>It is signed out for good and gets no new messages. What it read stays on it.</Trans></p>
      <Failure of={call} />
    </AlertDialog>
  );
}
