package io.github.raspberryspy.segments;

/** Adds up the sound of a file's whole fragments. */
final class Mp4SoundSum {

  private long packets;
  private long startTime;
  private long endTime;
  private boolean damaged;

  void add(Mp4Moof moof) {
    damaged |= moof.soundIsDamaged();
    moof.sound().ifPresent(this::add);
  }

  private void add(Mp4Fragment sound) {
    if (packets == 0) {
      startTime = sound.baseTime();
    } else if (sound.baseTime() < endTime) {
      damaged = true; // two sounds at a time
    }
    packets += sound.samples();
    endTime = Math.max(endTime, sound.endTime());
  }

  Mp4Audio facts(Mp4SoundTrack track) {
    Mp4Timing timing = track.timing();
    return new Mp4Audio(
        track.format(), packets, timing.micros(startTime), timing.micros(endTime), !damaged);
  }
}
