// The devices of the account, asked for again now and then: no event tells of one that only waits.
import { useEffect } from "react";
import { useModel } from "./use.ts";

/** Keeps the list fresh while a screen shows it. */
export function useFreshDevices(everyMs: number): void {
  const { api, store } = useModel();
  useEffect(() => {
    let current = true;
    const read = () =>
      void api.call("device.list", {}).then(
        (devices) => current && store.setState({ devices: new Map(devices.map((one) => [one.id, one])) }),
        // Without a server the list stays as it was.
        () => undefined,
      );
    read();
    const timer = setInterval(() => document.visibilityState === "visible" && read(), everyMs);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [api, store, everyMs]);
}
