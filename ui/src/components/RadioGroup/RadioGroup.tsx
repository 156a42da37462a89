// One of a few. All can be seen; more than six is a Select.
import type { ReactNode } from "react";
import { Label, RadioButton, RadioField, RadioGroup as AriaRadioGroup, Text, type RadioGroupProps as AriaRadioGroupProps } from "react-aria-components";
import styles from "./RadioGroup.module.css";

export interface Choice<T extends string> {
  value: T;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
}

export interface RadioGroupProps<T extends string> extends Omit<AriaRadioGroupProps, "className" | "style" | "children" | "value" | "defaultValue" | "onChange"> {
  label: string;
  /** Where a heading says it already: only for screen readers. */
  hideLabel?: boolean;
  choices: readonly Choice<T>[];
  value?: T | null;
  defaultValue?: T;
  onChange?: (value: T) => void;
}

export function RadioGroup<T extends string>({ label, hideLabel = false, choices, onChange, ...rest }: RadioGroupProps<T>) {
  const name = hideLabel ? { "aria-label": label } : {};
  return (
    <AriaRadioGroup {...rest} {...name} onChange={(value) => onChange?.(value as T)} className={styles.group ?? ""}>
      {!hideLabel && <Label className={styles.label ?? ""}>{label}</Label>}
      {choices.map((choice) => (
        <RadioField key={choice.value} value={choice.value} isDisabled={choice.disabled ?? false} className={styles.field ?? ""}>
          <RadioButton className={styles.button ?? ""}>
            <span className={styles.dot} aria-hidden="true" />
            <span>{choice.label}</span>
          </RadioButton>
          {choice.hint !== undefined && <Text slot="description" className={styles.hint ?? ""}>{choice.hint}</Text>}
        </RadioField>
      ))}
    </AriaRadioGroup>
  );
}
