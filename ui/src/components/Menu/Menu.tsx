// What can be done with a thing: `<MenuTrigger>` around a button and a `<Menu>` of `<MenuItem>`s.
import type { ReactNode, RefObject } from "react";
import { Check, ChevronRight } from "lucide-react";
import { Header, Menu as AriaMenu, MenuItem as AriaMenuItem, MenuSection as AriaMenuSection, MenuTrigger, Popover, Separator, SubmenuTrigger, type MenuItemProps as AriaMenuItemProps, type MenuProps as AriaMenuProps, type PopoverProps } from "react-aria-components";
import styles from "./Menu.module.css";

export { MenuTrigger, SubmenuTrigger };

export interface MenuProps extends Omit<AriaMenuProps<object>, "className" | "style" | "aria-label" | "children"> {
  /** What the choices are about. */
  label: string;
  children: ReactNode;
  placement?: PopoverProps["placement"];
  /** Without a `MenuTrigger`: where it opens and whether it does. */
  triggerRef?: RefObject<Element | null>;
  isOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ label, children, placement = "bottom start", triggerRef, isOpen, onOpenChange, ...rest }: MenuProps) {
  const own = { ...(triggerRef && { triggerRef }), ...(isOpen !== undefined && { isOpen }), ...(onOpenChange && { onOpenChange }) };
  return (
    <Popover {...own} placement={placement} offset={6} className={styles.popover ?? ""}>
      <AriaMenu {...rest} {...(isOpen !== undefined && { autoFocus: "first" as const, onClose: () => onOpenChange?.(false) })} aria-label={label} className={styles.menu ?? ""}>
        {children}
      </AriaMenu>
    </Popover>
  );
}

export interface MenuItemProps extends Omit<AriaMenuItemProps, "className" | "style" | "children"> {
  children: string;
  icon?: ReactNode;
  hint?: string;
  shortcut?: string;
  danger?: boolean;
}

export function MenuItem({ children, icon, hint, shortcut, danger = false, ...rest }: MenuItemProps) {
  return (
    <AriaMenuItem {...rest} textValue={children} className={styles.item ?? ""} data-danger={danger || undefined}>
      {({ isSelected, selectionMode, hasSubmenu }) => (
        <>
          <span className={styles.icon} data-tick={selectionMode !== "none" || undefined} aria-hidden="true">{selectionMode === "none" ? icon : isSelected ? <Check /> : icon}</span>
          <span className={styles.words}>
            <span>{children}</span>
            {hint !== undefined && <span className={styles.hint}>{hint}</span>}
          </span>
          {/* Part of the name: what is seen is what is read and said. */}
          {shortcut !== undefined && <kbd className={styles.keys}>{shortcut}</kbd>}
          {hasSubmenu && <ChevronRight className={styles.more} size={16} aria-hidden="true" />}
        </>
      )}
    </AriaMenuItem>
  );
}

export function MenuSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <AriaMenuSection className={styles.section ?? ""}>
      <Header className={styles.header ?? ""}>{title}</Header>
      {children}
    </AriaMenuSection>
  );
}

export function MenuSeparator() {
  return <Separator className={styles.separator ?? ""} />;
}
