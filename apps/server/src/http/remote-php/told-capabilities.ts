/** The version of the protocol's first server that this one behaves like: programs refuse to work with old ones. */
export const behavesLike = { major: 31, minor: 0, micro: 9 } as const;

const versionText = `${behavesLike.major}.${behavesLike.minor}.${behavesLike.micro}`;

/** What programs ask first of all. */
export const serverStatus = {
  installed: true,
  maintenance: false,
  needsDbUpgrade: false,
  version: `${versionText}.1`,
  versionstring: versionText,
  edition: "",
  productname: "Satchel",
  extendedSupport: false,
} as const;

/**
 * What programs may use. Files come in parts by the second way (`dav.chunking`); the first, and many files in one request (`dav.bulkupload`), which has lost files elsewhere, are not there. Conflicted copies are
 * to be sent (`uploadConflictFiles`), so that all devices have them.
 */
export const capabilities = {
  version: { ...behavesLike, string: versionText, edition: "", extendedSupport: false },
  capabilities: {
    core: { pollinterval: 30, "webdav-root": "remote.php/webdav" },
    dav: { chunking: "1.0" },
    files: { bigfilechunking: true, undelete: false, versioning: false, blacklisted_files: [] },
    checksums: { supportedTypes: ["SHA1", "MD5", "SHA256"], preferredUploadType: "SHA1" },
    uploadConflictFiles: true,
  },
} as const;
