// A device that signed in and waits: it reads nothing until both screens showed the same pictures.
import { Trans } from "@lingui/react/macro";
import type { Device } from "../../../../client-core/bindings/chatty.ts";
import { useCall } from "../../app/useCall.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { Compare } from "../devices/Compare.tsx";
import { DeviceIcon } from "../devices/DeviceIcon.tsx";
import { useApi, useChatty } from "../../model/use.ts";
import styles from "./Settings.module.css";

/** The other device may have to wake up first. */
const WAIT_MS = 120_000;

export interface WaitingDeviceProps {
  device: Device;
  /** Whether this device may let others in. */
  decides: boolean;
}

export function WaitingDevice({ device, decides }: WaitingDeviceProps) {
  const api = useApi();
  const approving = useCall();
  const removing = useCall();
  const approval = useChatty((state) => [...state.approvals.values()].findLast((one) => one.device === device.id));
  const runs = approval !== undefined && (approval.step === "compare" || approval.step === "confirmed");
  const approve = () => void approving.run(() => api.call("device.approve", { device: device.id, timeout_ms: WAIT_MS }));
  return (
    <section className={styles.approve} aria-label={device.name}>
      <span aria-hidden="true"><DeviceIcon platform={device.platform} /></span>
      <div>
        <div>
          <strong><Trans><bdi>{device.name}</bdi> wants in</Trans></strong>
          <p className={styles.small}>
            {!decides ? <Trans>This browser is limited and can't let it in. Was this you? Confirm it with another device of yours.</Trans> : runs ? <Trans>Do both screens show these seven, in this order? It asks there too.</Trans> : <Trans>Was this you? It reads nothing until you compare pictures. This gives it your messages.</Trans>}
          </p>
        </div>
        {approval?.step === "stopped" && <p role="alert" className={styles.error}><Trans>Stopped. Nothing was shared. Start again if both devices are yours.</Trans></p>}
        <Failure of={approving.error === undefined ? removing : approving} />
        {runs && approval.sas !== undefined
          ? <Compare approval={approval} sas={approval.sas} />
          : decides && (
            <div className={styles.below}>
              <Button kind="primary" busy={approving.busy} onPress={approve}><Trans>It was me, compare</Trans></Button>
              <Button kind="quietDanger" busy={removing.busy} onPress={() => void removing.run(() => api.call("device.revoke", { device: device.id }))}><Trans>Not me, remove it</Trans></Button>
              {approving.busy && <span role="status"><Trans>Waiting for that device</Trans></span>}
            </div>
          )}
      </div>
    </section>
  );
}
