/** Whether a run of markers can open emphasis, or close it, by what stands on either side of it (CommonMark 0.31, 6.2). */
export function sides(char, before, after) {
  const intraword = (neighbour) => char === "_" && /[\p{L}\p{N}]/u.test(neighbour);
  return { opens: leansOn(after, before) && !intraword(before), closes: leansOn(before, after) && !intraword(after) };
}

function leansOn(near, far) {
  return !/\s/.test(near) && (!isPunctuation(near) || /\s/.test(far) || isPunctuation(far));
}

function isPunctuation(char) {
  return /[\p{P}\p{S}]/u.test(char);
}
