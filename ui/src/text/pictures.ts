// The names of the engine's 64 pictures (client-core/crypto/src/approval/code.rs), to read aloud in one's own language.
import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

const NAMES: Readonly<Record<string, MessageDescriptor>> = {
  Dog: msg`dog`, Cat: msg`cat`, Lion: msg`lion`, Horse: msg`horse`, Unicorn: msg`unicorn`, Pig: msg`pig`, Elephant: msg`elephant`, Rabbit: msg`rabbit`,
  Panda: msg`panda`, Rooster: msg`rooster`, Penguin: msg`penguin`, Turtle: msg`turtle`, Fish: msg`fish`, Octopus: msg`octopus`, Butterfly: msg`butterfly`, Flower: msg`flower`,
  Tree: msg`tree`, Cactus: msg`cactus`, Mushroom: msg`mushroom`, Globe: msg`globe`, Moon: msg`moon`, Cloud: msg`cloud`, Fire: msg`fire`, Banana: msg`banana`,
  Apple: msg`apple`, Strawberry: msg`strawberry`, Corn: msg`corn`, Pizza: msg`pizza`, Cake: msg`cake`, Heart: msg`heart`, Smiley: msg`smiley`, Robot: msg`robot`,
  Hat: msg`hat`, Glasses: msg`glasses`, Spanner: msg`spanner`, Santa: msg`Santa`, "Thumbs Up": msg`thumbs up`, Umbrella: msg`umbrella`, Hourglass: msg`hourglass`, Clock: msg`clock`,
  Gift: msg`gift`, "Light Bulb": msg`light bulb`, Book: msg`book`, Pencil: msg`pencil`, Paperclip: msg`paperclip`, Scissors: msg`scissors`, Lock: msg`lock`, Key: msg`key`,
  Hammer: msg`hammer`, Telephone: msg`telephone`, Flag: msg`flag`, Train: msg`train`, Bicycle: msg`bicycle`, Aeroplane: msg`aeroplane`, Rocket: msg`rocket`, Trophy: msg`trophy`,
  Ball: msg`ball`, Guitar: msg`guitar`, Trumpet: msg`trumpet`, Bell: msg`bell`, Anchor: msg`anchor`, Headphones: msg`headphones`, Folder: msg`folder`, Pin: msg`pin`,
};

/** The engine's English names that have words here. */
export const PICTURES = Object.keys(NAMES);

/** A picture's name in the active language; one that a newer engine brought keeps the engine's. */
export function pictureName(name: string): string {
  const words = NAMES[name];
  return words === undefined ? name : i18n._(words);
}
