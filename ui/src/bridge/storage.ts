// What this browser keeps for the account: whether it may remove it, what is left of it, and its end.
import type { ApiError } from "../../../client-core/bindings/chatty.ts";
import { STORE_LOCK } from "./hub.ts";

/** Names of client-core/web/src/browser: the folder of private files, the database of the key. */
const FOLDER = "chatty";
const VAULT = "chatty";
/** A worker that was just ended may hold its files for a moment. */
const TRIES = 40;
const PAUSE_MS = 100;

/** What of an account lies in this browser. */
export interface Remains {
  /** Files of messages, which are lost with them. */
  messages: boolean;
  /** The key that opens them. */
  key: boolean;
  bytes: number;
}

/** Asks that nothing is removed when the disk gets full; `null` where browsers do not know that. */
export async function askToKeep(): Promise<boolean | null> {
  const { storage } = navigator;
  if (typeof storage?.persist !== "function") return null;
  return (await storage.persisted()) || (await storage.persist());
}

/** What starting over would take away. */
export async function remains(): Promise<Remains> {
  const [databases, bytes] = await Promise.all([indexedDB.databases(), folderSize()]);
  return { messages: bytes > 0, key: databases.some(({ name }) => name === VAULT), bytes };
}

/** Removes everything of the account from this browser. The engine must not run, in no tab. */
export async function erase(): Promise<void> {
  await navigator.locks.request(STORE_LOCK, { ifAvailable: true }, async (lock) => {
    if (lock === null) throw inUse();
    // The files first: a key without files is told as such, files without a key are only there.
    await removeFolder();
    await removeVault();
  });
}

async function folderSize(): Promise<number> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(FOLDER).catch(() => null);
  return folder === null ? 0 : size(folder);
}

async function size(folder: FileSystemDirectoryHandle): Promise<number> {
  let bytes = 0;
  for await (const entry of folder.values()) {
    if (entry.kind === "directory") bytes += await size(entry as FileSystemDirectoryHandle);
    else bytes += (await (entry as FileSystemFileHandle).getFile()).size;
  }
  return bytes;
}

async function removeFolder(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  for (let tried = 1; ; tried++) {
    try {
      return await root.removeEntry(FOLDER, { recursive: true });
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      if (name === "NotFoundError") return;
      if (name !== "NoModificationAllowedError" || tried === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function removeVault(): Promise<void> {
  return new Promise((resolve, reject) => {
    const removing = indexedDB.deleteDatabase(VAULT);
    removing.onsuccess = () => resolve();
    removing.onerror = () => reject(removing.error ?? new Error("the key could not be removed"));
  });
}

function inUse(): ApiError {
  return { code: "home_in_use", message: "another tab uses this account", hint: "close the other tabs of Chatty" };
}
