// One field of a form: name above, hint or error below.
import { useState, type ReactNode, type Ref } from "react";
import { useLingui } from "@lingui/react/macro";
import { CircleAlert, Eye, EyeOff } from "lucide-react";
import { FieldError, Input, Label, Text, TextArea, TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from "react-aria-components";
import { IconButton } from "../IconButton/IconButton.tsx";
import styles from "./TextField.module.css";

export interface TextFieldProps extends Omit<AriaTextFieldProps, "className" | "style" | "children" | "isInvalid"> {
  label: string;
  hint?: ReactNode;
  /** What is wrong and what to do; replaces the hint. */
  error?: ReactNode;
  multiline?: boolean;
  rows?: number;
  /** Keys and codes: every letter as wide as the next, always left to right. */
  mono?: boolean;
  placeholder?: string;
  /** Before the text, e.g. "@". */
  prefix?: string;
  inputRef?: Ref<HTMLInputElement & HTMLTextAreaElement>;
}

export function TextField({ label, hint, error, multiline = false, rows = 3, mono = false, placeholder, prefix, inputRef, type, ...rest }: TextFieldProps) {
  const { t } = useLingui();
  const [shown, show] = useState(false);
  const secret = type === "password";
  // Typed text finds its own direction; secrets, codes and handles have none. Empty it is the interface's.
  const fixed = secret || mono || prefix !== undefined;
  const dir = fixed ? "ltr" : rest.value === "" ? undefined : "auto";
  const mode = secret ? (shown ? "text" : "password") : (type ?? "text");
  const common = { ...(inputRef && { ref: inputRef }), ...(placeholder !== undefined && { placeholder }), dir, className: styles.input ?? "", "data-mono": mono || undefined };
  return (
    <AriaTextField {...rest} type={mode} isInvalid={error !== undefined} validationBehavior="aria" className={styles.field ?? ""}>
      <Label className={styles.label ?? ""}>{label}</Label>
      <span className={styles.box} dir={prefix === undefined ? undefined : "ltr"} data-multiline={multiline || undefined}>
        {prefix !== undefined && <span className={styles.prefix} aria-hidden="true">{prefix}</span>}
        {multiline ? <TextArea {...common} rows={rows} /> : <Input {...common} />}
        {secret && (
          <IconButton label={shown ? t`Hide password` : t`Show password`} onPress={() => show(!shown)} size="small" tooltip="none">
            {shown ? <EyeOff /> : <Eye />}
          </IconButton>
        )}
      </span>
      {hint !== undefined && error === undefined && <Text slot="description" className={styles.hint ?? ""}>{hint}</Text>}
      <FieldError className={styles.error ?? ""}>
        <CircleAlert size={16} aria-hidden="true" />
        <span>{error}</span>
      </FieldError>
    </AriaTextField>
  );
}
