// Where a device runs, as a drawing.
import { Globe, Laptop, Smartphone } from "lucide-react";

export function DeviceIcon({ platform }: { platform: string }) {
  if (/web|browser|wasm/i.test(platform)) return <Globe size={20} aria-hidden="true" />;
  return /android|ios/i.test(platform) ? <Smartphone size={20} aria-hidden="true" /> : <Laptop size={20} aria-hidden="true" />;
}
