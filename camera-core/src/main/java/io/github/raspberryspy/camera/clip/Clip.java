package io.github.raspberryspy.camera.clip;

import io.github.raspberryspy.camera.source.MediaFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.global.avcodec;

/** One clip while it is cut: not begun, open, or over. For one thread. */
final class Clip implements AutoCloseable {

  /** What browsers and phones play in MP4. */
  private static final Set<Integer> SOUNDS =
      Set.of(avcodec.AV_CODEC_ID_AAC, avcodec.AV_CODEC_ID_MP3, avcodec.AV_CODEC_ID_OPUS);

  private static final int PICTURES = 0;
  private static final int SOUND = 1;

  private final ClipCutter.Piece piece;
  private long beginUs = Long.MAX_VALUE; // of a keyframe, once it is known
  private long latestUs; // of the picture that is shown last so far
  private Mp4File file; // once it has begun
  private byte[] pictureSetup = {};
  private byte[] soundSetup = {};
  private boolean hasSound;
  private boolean isOver;
  private final List<String> leftOut = new ArrayList<>();

  Clip(ClipCutter.Piece piece) {
    this.piece = piece;
  }

  ClipCutter.Piece piece() {
    return piece;
  }

  /** What of the wanted piece it lacks, and why: a sentence each. */
  List<String> leftOut() {
    return leftOut;
  }

  /** When it begins; {@link Long#MAX_VALUE} where there is no keyframe for it. */
  long beginUs() {
    return beginUs;
  }

  boolean isOver() {
    return isOver;
  }

  /** Whether there was a keyframe to begin with. */
  boolean hasBegun() {
    return file != null;
  }

  /** The latest of these that is not behind the wanted start; where there is none, the first. */
  void beginAtOneOf(NavigableSet<Long> keyframes) {
    Long at = keyframes.floor(piece.fromUs());
    if (at == null) {
      at = keyframes.higher(piece.fromUs());
    }
    beginUs = at == null ? Long.MAX_VALUE : at;
  }

  /**
   * What comes next is of this file: another setup than the one before cannot be gone on with.
   *
   * @param startUs when it begins
   */
  void enter(MediaFile next, long startUs) throws IOException {
    if (file == null || isOver) {
      return;
    }
    boolean isWanted = startUs < piece.toUs();
    if (!Arrays.equals(pictureSetup, setup(next.video().codecpar()))) {
      if (isWanted) {
        leftOut.add(
            "clip "
                + piece.target()
                + " ends where "
                + next.path()
                + " begins: its pictures are encoded in another way");
      }
      finish();
    } else if (hasSound && !hasSameSound(next)) {
      hasSound = false;
      if (isWanted) {
        leftOut.add(
            "the sound of clip "
                + piece.target()
                + " ends where "
                + next.path()
                + " begins: it has "
                + (next.sound().isPresent() ? "sound that is encoded in another way" : "none"));
      }
    }
  }

  private boolean hasSameSound(MediaFile next) {
    return next.sound().map(s -> Arrays.equals(soundSetup, setup(s.codecpar()))).orElse(false);
  }

  /** Takes a picture, which stays the caller's; its times are the common clock's. */
  void picture(MediaFile from, AVPacket packet, boolean isKeyframe) throws IOException {
    if (isOver) {
      return;
    }
    if (file == null && isKeyframe && packet.pts() == beginUs && beginUs < piece.toUs()) {
      begin(from);
    }
    if (file == null) {
      return;
    }
    if (packet.dts() >= piece.toUs() && packet.pts() > latestUs) {
      finish(); // and not before, where pictures are decoded in another order than they are shown
    } else if (packet.pts() >= beginUs) { // those before it need what is not in the clip
      file.copy(packet, PICTURES, beginUs);
      latestUs = Math.max(latestUs, packet.pts());
    }
  }

  /** Takes a packet of sound, which stays the caller's. */
  void sound(AVPacket packet) {
    if (file != null && !isOver && hasSound) {
      if (packet.pts() >= beginUs && packet.pts() < piece.toUs()) {
        file.copy(packet, SOUND, beginUs);
      }
    }
  }

  /** No more comes. */
  void finish() throws IOException {
    if (file != null && !isOver) {
      file.finish();
      file.close(); // of many, few are open at a time
    }
    isOver = true;
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }

  private void begin(MediaFile from) {
    AVStream video = from.video();
    Optional<AVStream> sound = from.sound().filter(s -> isPlayable(from, s));
    hasSound = sound.isPresent();
    file =
        hasSound
            ? Mp4File.like(piece.target(), video, sound.get())
            : Mp4File.like(piece.target(), video);
    pictureSetup = setup(video.codecpar());
    soundSetup = sound.map(s -> setup(s.codecpar())).orElse(pictureSetup);
  }

  private boolean isPlayable(MediaFile from, AVStream sound) {
    int codec = sound.codecpar().codec_id();
    if (SOUNDS.contains(codec)) {
      return true;
    }
    String name = avcodec.avcodec_get_name(codec).getString();
    leftOut.add("the sound of " + from.path() + " is " + name + ", which few players take in MP4");
    return false;
  }

  private static byte[] setup(AVCodecParameters parameters) {
    byte[] bytes = new byte[parameters.extradata_size()];
    if (bytes.length > 0) {
      parameters.extradata().get(bytes);
    }
    return bytes;
  }
}
