// The six digits of the mail. One real field lies over the boxes, so paste and password managers work.
import { useState, type ReactNode } from "react";
import { CircleAlert } from "lucide-react";
import { FieldError, Input, Label, Text, TextField } from "react-aria-components";
import styles from "./CodeField.module.css";

const LENGTH = 6;

/** Digits of any script count: an Arabic keyboard writes its own. */
function digits(typed: string): string {
  const own = typed.replace(/[٠-٩۰-۹]/g, (digit) => String((digit.charCodeAt(0) & 0xf)));
  return own.replace(/\D/g, "").slice(0, LENGTH);
}

export interface CodeFieldProps {
  label: string;
  value: string;
  onChange: (code: string) => void;
  /** Called once with all six digits. */
  onComplete?: (code: string) => void;
  hint?: ReactNode;
  error?: ReactNode;
  isDisabled?: boolean;
  autoFocus?: boolean;
}

export function CodeField({ label, value, onChange, onComplete, hint, error, isDisabled = false, autoFocus = false }: CodeFieldProps) {
  const [focused, focus] = useState(false);
  function type(typed: string): void {
    const code = digits(typed);
    if (code === value) return;
    onChange(code);
    if (code.length === LENGTH) onComplete?.(code);
  }
  return (
    <TextField value={value} onChange={type} isInvalid={error !== undefined} isDisabled={isDisabled} autoFocus={autoFocus} onFocusChange={focus} className={styles.field ?? ""} inputMode="numeric" autoComplete="one-time-code" validationBehavior="aria">
      <Label className={styles.label ?? ""}>{label}</Label>
      <span className={styles.row} dir="ltr" data-focused={focused || undefined} data-invalid={error !== undefined || undefined}>
        {Array.from({ length: LENGTH }, (_, place) => (
          <span key={place} className={styles.box} data-current={(focused && place === Math.min(value.length, LENGTH - 1)) || undefined} data-empty={place >= value.length || undefined} aria-hidden="true">
            {value[place] ?? ""}
          </span>
        ))}
        <Input className={styles.input ?? ""} />
      </span>
      {hint !== undefined && error === undefined && <Text slot="description" className={styles.hint ?? ""}>{hint}</Text>}
      <FieldError className={styles.error ?? ""}><CircleAlert size={16} aria-hidden="true" /><span>{error}</span></FieldError>
    </TextField>
  );
}
