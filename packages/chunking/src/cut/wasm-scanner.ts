import { candidateThreshold, windowBytes } from "./gear-hash.ts";
import { gearTable } from "./gear-table.ts";
import { scanModuleBase64 } from "./scan-module.ts";
import { createJavaScriptScanner, type Scanner } from "./scanner.ts";

/** The part of the platform's WebAssembly that is used here; this package is compiled without any platform's types. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object) => { exports: unknown };
};

/** What src/assembly/find-candidate.as exports. */
interface ScanExports {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  findCandidate: (from: number, to: number, threshold: number) => number;
}

const pageBytes = 64 * 1024;

let compiled: object | undefined;

/** The fastest scanner that the platform allows. It holds WebAssembly memory: make one for each worker, not for each file. */
export function createScanner(): Scanner {
  try {
    return createWasmScanner();
  } catch {
    // No WebAssembly here, a content security policy against it, or no address space left for its memory.
    return createJavaScriptScanner();
  }
}

/**
 * The gear table takes the start of the module's memory, the buffer the rest.
 * @throws whatever the platform throws when it has no WebAssembly or forbids it.
 */
export function createWasmScanner(): Scanner {
  compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(scanModuleBase64));
  const { memory, findCandidate } = new WebAssembly.Instance(compiled).exports as ScanExports;
  const bufferAddress = gearTable.byteLength;
  const table = new DataView(memory.buffer);
  gearTable.forEach((value, byte) => table.setUint32(byte * gearTable.BYTES_PER_ELEMENT, value, true));
  let buffer = new Uint8Array(memory.buffer, bufferAddress);

  return {
    implementation: "wasm",
    reserve(sizeBytes) {
      if (buffer.length < sizeBytes) {
        memory.grow(Math.ceil((sizeBytes - buffer.length) / pageBytes));
        buffer = new Uint8Array(memory.buffer, bufferAddress);
      }
      return buffer;
    },
    findCandidate(from, to) {
      if (from < windowBytes || to > buffer.length) throw new RangeError("the scan leaves the buffer");
      if (from > to) return -1;
      const address = findCandidate(bufferAddress + from, bufferAddress + to, candidateThreshold);
      return address < 0 ? -1 : address - bufferAddress;
    },
  };
}
