// A field that narrows what is shown. Escape empties it before it does anything else.
import type { Ref } from "react";
import { useLingui } from "@lingui/react/macro";
import { Search, X } from "lucide-react";
import { Button, Input, SearchField as AriaSearchField, type SearchFieldProps as AriaSearchFieldProps } from "react-aria-components";
import styles from "./SearchField.module.css";

export interface SearchFieldProps extends Omit<AriaSearchFieldProps, "className" | "style" | "children" | "aria-label"> {
  /** What is searched, e.g. "Search chats". */
  label: string;
  /** Shown in the empty field; without it the label. */
  placeholder?: string;
  /** The keys that come here. */
  shortcut?: string;
  inputRef?: Ref<HTMLInputElement>;
}

export function SearchField({ label, placeholder, shortcut, inputRef, ...rest }: SearchFieldProps) {
  const { t } = useLingui();
  return (
    <AriaSearchField {...rest} aria-label={label} className={styles.field ?? ""}>
      {({ isEmpty }) => (
        <>
          <Search className={styles.icon} size={18} aria-hidden="true" />
          {/* Empty it has the interface's direction, as its placeholder does. */}
          <Input ref={inputRef} className={styles.input ?? ""} dir={isEmpty ? undefined : "auto"} placeholder={placeholder ?? label} />
          {shortcut !== undefined && <kbd className={styles.keys} aria-hidden="true">{shortcut}</kbd>}
          <Button className={styles.clear ?? ""} aria-label={t`Clear search`}><X size={16} aria-hidden="true" /></Button>
        </>
      )}
    </AriaSearchField>
  );
}
