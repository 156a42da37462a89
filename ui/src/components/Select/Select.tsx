// One of many, folded away. Up to five that matter are a RadioGroup.
import { Check, ChevronDown, CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button, FieldError, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue, Text } from "react-aria-components";
import type { Choice } from "../RadioGroup/RadioGroup.tsx";
import menu from "../Menu/Menu.module.css";
import styles from "./Select.module.css";

export interface SelectProps<T extends string> {
  label: string;
  /** At the end of a settings row that names it: only for screen readers. */
  hideLabel?: boolean;
  choices: readonly (Choice<T> & { label: string })[];
  value: T;
  onChange: (value: T) => void;
  hint?: ReactNode;
  error?: ReactNode;
  isDisabled?: boolean;
  size?: "small" | "normal";
}

export function Select<T extends string>({ label, hideLabel = false, choices, value, onChange, hint, error, isDisabled = false, size = "normal" }: SelectProps<T>) {
  const name = hideLabel ? { "aria-label": label } : {};
  return (
    <AriaSelect {...name} value={value} onChange={(key) => onChange(key as T)} isDisabled={isDisabled} isInvalid={error !== undefined} className={styles.field ?? ""} data-size={size}>
      {!hideLabel && <Label className={styles.label ?? ""}>{label}</Label>}
      <Button className={styles.button ?? ""}>
        <SelectValue className={styles.value ?? ""}>{({ selectedText }) => selectedText}</SelectValue>
        <ChevronDown size={16} aria-hidden="true" />
      </Button>
      {hint !== undefined && error === undefined && <Text slot="description" className={styles.hint ?? ""}>{hint}</Text>}
      <FieldError className={styles.error ?? ""}><CircleAlert size={16} aria-hidden="true" /><span>{error}</span></FieldError>
      <Popover className={menu.popover ?? ""} offset={4}>
        <ListBox className={menu.menu ?? ""}>
          {choices.map((choice) => (
            <ListBoxItem key={choice.value} id={choice.value} textValue={choice.label} isDisabled={choice.disabled ?? false} className={menu.item ?? ""}>
              {({ isSelected }) => (
                <>
                  <span className={styles.tick} aria-hidden="true">{isSelected && <Check size={18} />}</span>
                  <span className={menu.words}>
                    <span>{choice.label}</span>
                    {choice.hint !== undefined && <span className={menu.hint}>{choice.hint}</span>}
                  </span>
                </>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
