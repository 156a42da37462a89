// A yes or no that counts when the form is sent. What changes at once is a Switch.
import type { ReactNode } from "react";
import { Check, Minus } from "lucide-react";
import { CheckboxButton, CheckboxField, Text, type CheckboxFieldProps } from "react-aria-components";
import styles from "./Checkbox.module.css";

export interface CheckboxProps extends Omit<CheckboxFieldProps, "className" | "style" | "children"> {
  children: ReactNode;
  hint?: ReactNode;
}

export function Checkbox({ children, hint, ...rest }: CheckboxProps) {
  return (
    <CheckboxField {...rest} className={styles.field ?? ""}>
      <CheckboxButton className={styles.button ?? ""}>
        {({ isSelected, isIndeterminate }) => (
          <>
            <span className={styles.box} aria-hidden="true">
              {isIndeterminate ? <Minus size={14} strokeWidth={3} /> : isSelected && <Check size={14} strokeWidth={3} />}
            </span>
            <span>{children}</span>
          </>
        )}
      </CheckboxButton>
      {hint !== undefined && <Text slot="description" className={styles.hint ?? ""}>{hint}</Text>}
    </CheckboxField>
  );
}
