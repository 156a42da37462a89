// The outermost screen: the gate, then whatever the address says.
import { type ReactNode } from "react";
import { Navigate, Outlet, useRouter, useRouterState, type ToOptions } from "@tanstack/react-router";
import { RouterProvider as AriaRouter } from "react-aria-components";
import { Toasts } from "../components/Toast/Toast.tsx";
import { Starting } from "../features/start/Starting.tsx";
import { useSetup } from "../model/setup.ts";
import { useChatty } from "../model/use.ts";
import { gate } from "./gate.ts";

export function Root() {
  const router = useRouter();
  const go = (href: string) => void router.navigate({ href });
  return (
    <AriaRouter navigate={go}>
      <Gate><Outlet /></Gate>
      <Toasts />
    </AriaRouter>
  );
}

function Gate({ children }: { children: ReactNode }) {
  const ready = useChatty((state) => state.stage.name === "ready");
  const who = useChatty((state) => state.who);
  const keySaved = useChatty((state) => state.keySaved);
  const later = useSetup((now) => now.later);
  const path = useRouterState({ select: (state) => state.location.pathname });
  if (!ready || who === undefined) return <Starting />;
  const instead = gate({ who, keySaved, later }, path);
  if (instead !== undefined) return <Navigate {...({ to: instead } as ToOptions)} replace />;
  return children;
}
