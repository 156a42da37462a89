// A person is round, a group has square shoulders. Beside a name it says nothing itself.
import { colourIndex, initials } from "../../text/names.ts";
import styles from "./Avatar.module.css";

export interface AvatarProps {
  /** Id of the person or the conversation: it decides the colour, so a new name keeps it. */
  id: string;
  name: string;
  group?: boolean;
  /** Edge in px; the chat list's follows the density. */
  size?: 20 | 24 | 32 | 36 | 40 | 48 | 56 | 72 | 88 | 120 | "row";
  /** A picture that this device holds. */
  picture?: string;
}

export function Avatar({ id, name, group = false, size = 40, picture }: AvatarProps) {
  return (
    <span className={styles.avatar} data-group={group || undefined} data-size={size} data-colour={colourIndex(id)} aria-hidden="true">
      {picture === undefined ? initials(name, group ? 2 : 1) : <img src={picture} alt="" draggable={false} />}
    </span>
  );
}
