const sequenceParameterSet = 7;

/**
 * Tells whether the head of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1) is in order: version, reserved bits,
 * and a first sequence parameter set (ITU-T H.264, 7.3.2.1.1) that is one, and is of the profile that the record claims.
 */
export function isSoundAvcRecord(bytes: Uint8Array): boolean {
  const [version, profile, , , lengthSize = 0, setCount = 0, , , nal = 0, setProfile] = bytes;
  const hasReservedBits = lengthSize >> 2 === 0b11_1111 && setCount >> 5 === 0b111;
  return version === 1 && hasReservedBits && (nal & 0x1f) === sequenceParameterSet && setProfile === profile;
}
