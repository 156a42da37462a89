// Turns something on or off at once. The words stand at the start, the switch at the end.
import type { ReactNode } from "react";
import { SwitchButton, SwitchField, Text, type SwitchFieldProps } from "react-aria-components";
import styles from "./Switch.module.css";

export interface SwitchProps extends Omit<SwitchFieldProps, "className" | "style" | "children"> {
  children: ReactNode;
  hint?: ReactNode;
  icon?: ReactNode;
}

export function Switch({ children, hint, icon, ...rest }: SwitchProps) {
  return (
    <SwitchField {...rest} className={styles.field ?? ""}>
      <SwitchButton className={styles.button ?? ""}>
        {icon !== undefined && <span className={styles.icon} aria-hidden="true">{icon}</span>}
        <span className={styles.words}>{children}</span>
        <span className={styles.track} aria-hidden="true" />
      </SwitchButton>
      {hint !== undefined && <Text slot="description" className={styles.hint ?? ""} data-icon={icon !== undefined || undefined}>{hint}</Text>}
    </SwitchField>
  );
}
