import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";

/** A file as the browser's picker takes it. */
export interface SampleFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export function sample(name: string, content: Buffer | string): SampleFile {
  return { name, mimeType: "application/octet-stream", buffer: Buffer.from(content) };
}

/** Pictures of every kind that the browser itself can write, each of two colours. */
export async function drawnPictures(page: Page): Promise<SampleFile[]> {
  const drawn = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1200, 800];
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("the browser can't draw");
    const colours = pen.createLinearGradient(0, 0, 1200, 800);
    colours.addColorStop(0, "#f2c14e");
    colours.addColorStop(1, "#2a6f97");
    pen.fillStyle = colours;
    pen.fillRect(0, 0, 1200, 800);
    pen.fillStyle = "#ffffff";
    pen.font = "120px serif";
    pen.fillText("Satchel", 380, 430);
    const written: [string, string][] = [];
    for (const kind of ["png", "jpeg", "webp"]) {
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, `image/${kind}`));
      if (blob?.type === `image/${kind}`)
        written.push([kind, ((await blob.bytes()) as unknown as { toBase64(): string }).toBase64()]);
    }
    return written;
  });
  const gif = "R0lGODlhAQABAIAAAP8AAAAA/yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==";
  return [...drawn, ["gif", gif] as const].map(([kind, base64]) =>
    sample(`picture.${kind}`, Buffer.from(base64, "base64")),
  );
}

/** A tone, as uncompressed sound: a second is 16,000 bytes. */
export function tone(seconds: number): Buffer {
  const rate = 8000;
  const samples = Buffer.alloc(seconds * rate * 2);
  for (let index = 0; index < seconds * rate; index += 1)
    samples.writeInt16LE(Math.round(8000 * Math.sin((index * 440 * 2 * Math.PI) / rate)), index * 2);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

/** A film of a second, recorded by the browser itself. */
export async function recordedFilm(page: Page): Promise<SampleFile> {
  const base64 = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [320, 180];
    const pen = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
    const pieces: Blob[] = [];
    recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
    const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
    recorder.start();
    for (let frame = 0; frame < 20; frame += 1) {
      if (pen) pen.fillStyle = `hsl(${frame * 18} 80% 50%)`;
      pen?.fillRect(0, 0, 320, 180);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    recorder.stop();
    await stopped;
    return ((await new Blob(pieces).bytes()) as unknown as { toBase64(): string }).toBase64();
  });
  return sample("film.webm", Buffer.from(base64, "base64"));
}

/** A PDF of so many pages, in one of the fonts that every reader has. It wants to run a script when it is opened. */
export function printedPages(count: number): Buffer {
  const pageIds = Array.from({ length: count }, (_, index) => 5 + index * 2);
  const script = "app.alert('run'); this.submitForm('https://example.org');";
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>`,
    `<< /Type /Pages /Count ${count} /Kids [${pageIds.map((id) => `${id} 0 R`).join(" ")}] >>`,
    `<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>`,
    `<< /S /JavaScript /JS (${script.replaceAll(/[()\\]/g, String.raw`\$&`)}) >>`,
    ...pageIds.flatMap((id, index) => {
      const drawing = `BT /F1 36 Tf 72 700 Td (Page number ${index + 1}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${id + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
      ];
    }),
  ];
  let text = "%PDF-1.7\n";
  const places = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF`;
  return Buffer.from(text, "latin1");
}

/** A compressed tar file of one folder with one file in it. */
export function packedFolder(): Buffer {
  const block = (path: string, type: string, content: string): Buffer => {
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write("0000644\0", 100);
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        ", 148);
    header.write(type, 156);
    header.write("ustar\0" + "00", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    body.write(content);
    return Buffer.concat([header, body]);
  };
  return gzipSync(Buffer.concat([block("docs/", "5", ""), block("docs/a.txt", "0", "hello"), Buffer.alloc(1024)]));
}
