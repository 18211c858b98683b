package io.github.raspberryspy.natives.v4l2;

/** Controls of hardware encoders, by the kernel's numbers. Source: {@code v4l2-controls.h}. */
public enum EncoderControl {
  /** Pictures that look ahead, between two others. */
  B_FRAMES(202),
  /** Pictures from one keyframe to the next, for every codec. */
  GOP_SIZE(203),
  /** Bits per second. */
  BITRATE(207),
  /** Whether each keyframe has its parameter sets in front. */
  REPEAT_HEADER(226),
  /** Pressed, it makes the next picture a keyframe. */
  FORCE_KEYFRAME(229),
  /** Pictures from one intra-coded to the next. */
  H264_I_PERIOD(358),
  /** Level, by the kernel's numbering. */
  H264_LEVEL(359),
  /** Profile, by the kernel's numbering. */
  H264_PROFILE(363);

  /** Profile High. */
  public static final int PROFILE_HIGH = 4;

  /** Level 4.0: up to 1920x1080 at 30 frames a second. */
  public static final int LEVEL_4_0 = 11;

  /** Level 4.2: up to 1920x1080 at 60 frames a second. */
  public static final int LEVEL_4_2 = 13;

  /** Level 5.1: what is larger. */
  public static final int LEVEL_5_1 = 15;

  private static final int BASE = 0x00990900;

  private final int offset;

  EncoderControl(int offset) {
    this.offset = offset;
  }

  /** The control's number. */
  public int id() {
    return BASE + offset;
  }
}
