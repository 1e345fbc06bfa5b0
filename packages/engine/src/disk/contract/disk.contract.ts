import { afterEach, beforeEach, suite } from "node:test";
import type { Disk } from "../../ports/disk.ts";
import type { ContractFixture, ContractUser } from "./contract.fixture.ts";
import { describeLooking } from "./looking.contract.ts";
import { describeNames } from "./names.contract.ts";
import { describePlacing } from "./placing.contract.ts";
import { describeReading } from "./reading.contract.ts";
import { describeWriting } from "./writing.contract.ts";

/** Everything that the engine counts on, for any disk. */
export function describeDisk(name: string, openFixture: () => Promise<ContractFixture>): void {
  suite(`a disk (${name})`, () => {
    let fixture: ContractFixture;
    let disk: Disk;
    let user: ContractUser;

    beforeEach(async () => {
      fixture = await openFixture();
      ({ disk, user } = fixture);
      await disk.prepareRoot("marker");
    });
    afterEach(() => fixture.close());

    describeLooking(() => ({ disk, user }));
    describeNames(() => ({ disk, user }));
    describePlacing(() => ({ disk, user }));
    describeReading(() => ({ disk, user }));
    describeWriting(() => ({ disk, user, reopen: () => fixture.reopen() }));
  });
}
