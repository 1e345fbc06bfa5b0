/** Counts what is carried, for progress. */
export class TransferMeter {
  sentBytes = 0;
  receivedBytes = 0;
  sentFiles = 0;
  receivedFiles = 0;

  sent(bytes: number): void {
    this.sentBytes += bytes;
  }

  received(bytes: number): void {
    this.receivedBytes += bytes;
  }
}
