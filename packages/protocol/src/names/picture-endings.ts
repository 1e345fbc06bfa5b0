/** Endings of the files that small pictures can be made of, by what it takes to read them, each group parted by spaces: what a server draws, browsers ask for. */
export const pictureEndings = {
  /** The picture library reads them itself. */
  pictures: "jpg jpeg png gif webp avif tif tiff svg",
  heic: "heic heif",
  /** Of cameras. */
  raw: "raw cr2 nef arw dng orf rw2",
  pdf: "pdf",
  films: "mp4 m4v mov mkv webm avi wmv mpg mpeg 3gp ogv mts m2ts flv",
} as const;
