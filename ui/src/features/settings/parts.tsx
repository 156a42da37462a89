// What settings pages are made of: a page, boxes of rows, and what stands at a row's end.
import { useEffect, useRef, type ReactNode } from "react";
import { useLingui } from "@lingui/react/macro";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import styles from "./Settings.module.css";

export interface PageProps {
  title: ReactNode;
  lead?: ReactNode;
  /** Where the arrow of a narrow window leads, or what it does. */
  back?: string | (() => void);
  children: ReactNode;
}

export function Page({ title, lead, back = "/settings", children }: PageProps) {
  const { t } = useLingui();
  const navigate = useNavigate();
  return (
    <div className={styles.page}>
      <div className={styles.inner}>
        <header className={styles.head}>
          <span className={styles.back}><IconButton label={t`Back`} onPress={() => (typeof back === "string" ? void navigate({ to: back as never }) : back())}><ChevronLeft data-flip="" /></IconButton></span>
          <h2 className={styles.title}>{title}</h2>
        </header>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        {children}
      </div>
    </div>
  );
}

export function Box({ title, children, note }: { title?: ReactNode; children: ReactNode; note?: ReactNode }) {
  return (
    <section className={styles.section}>
      {title !== undefined && <h3 className={styles.heading}>{title}</h3>}
      <div className={styles.box}>{children}</div>
      {note !== undefined && <p className={styles.note}>{note}</p>}
    </section>
  );
}

export interface RowProps {
  /** Name of the row in the address of a search hit. */
  id?: string;
  icon?: ReactNode;
  title?: ReactNode;
  hint?: ReactNode;
  /** What stands at the end; without a title it takes the whole row. */
  children?: ReactNode;
}

/** Whether a search led to this row; then it comes into sight. */
function useWanted<T extends HTMLElement>(id: string | undefined) {
  const { row } = useSearch({ strict: false }) as { row?: string };
  const wanted = id !== undefined && row === id;
  const place = useRef<T>(null);
  useEffect(() => {
    if (wanted) place.current?.scrollIntoView({ block: "center" });
  }, [wanted]);
  return { wanted, place };
}

/** A row; the one that a search led to is shown and marked. */
export function Row({ id, icon, title, hint, children }: RowProps) {
  const { wanted, place } = useWanted<HTMLDivElement>(id);
  return (
    <div ref={place} className={styles.row} data-wanted={wanted || undefined} data-icon={icon !== undefined || undefined} data-alone={title === undefined || undefined}>
      {icon !== undefined && <span className={styles.icon} aria-hidden="true">{icon}</span>}
      {title !== undefined && <div className={styles.words}>{title}{hint !== undefined && <small>{hint}</small>}</div>}
      {children !== undefined && <div className={styles.end}>{children}</div>}
    </div>
  );
}

/** A row that leads to another page. */
export function LinkRow({ id, to, icon, title, hint, end }: Pick<RowProps, "id" | "icon" | "hint"> & { to: string; title: ReactNode; end?: ReactNode }) {
  const { wanted, place } = useWanted<HTMLAnchorElement>(id);
  return (
    <Link ref={place} to={to as never} className={styles.row ?? ""} data-wanted={wanted || undefined} data-icon={icon !== undefined || undefined} data-link="">
      {icon !== undefined && <span className={styles.icon} aria-hidden="true">{icon}</span>}
      <span className={styles.words}>{title}{hint !== undefined && <small>{hint}</small>}</span>
      <span className={styles.end}>{end}<ChevronRight size={16} data-flip="" aria-hidden="true" /></span>
    </Link>
  );
}
