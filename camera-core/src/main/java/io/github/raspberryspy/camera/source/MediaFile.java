package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.internal.Natives;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.global.avcodec;

/**
 * The packets of a video file as they are, pictures and sound: for whoever copies them. Times are
 * microseconds since the first picture. For one thread.
 */
public final class MediaFile implements AutoCloseable {

  /** What a packet is of. */
  public enum Content {
    /** A picture. */
    PICTURE,
    /** Sound. */
    SOUND,
    /** Nothing: the file is at its end. */
    END
  }

  private final Path path;
  private final Demuxer demuxer;
  private final Timeline timeline = new Timeline();
  private Optional<AVStream> sound = Optional.empty();

  private MediaFile(Path path) {
    this.path = path;
    this.demuxer =
        new Demuxer(
            new DemuxSpec(
                "file " + path,
                "file:" + path,
                "",
                List.of("protocol_whitelist", "file"),
                false,
                false,
                false,
                false));
  }

  /**
   * Opens a file.
   *
   * @throws io.github.raspberryspy.camera.CameraException if it holds no video, in one sentence
   */
  public static MediaFile open(Path path) {
    Natives.load();
    MediaFile file = new MediaFile(path);
    try {
      file.demuxer.open();
      file.sound = file.demuxer.withSound();
      file.timeline.expect(
          Math.round(1e6 / file.demuxer.fps()), file.video().codecpar().video_delay());
      return file;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** The stream of pictures; it is the file's. */
  public AVStream video() {
    return demuxer.stream();
  }

  /** The stream of sound, where there is one; it is the file's. */
  public Optional<AVStream> sound() {
    return sound;
  }

  /** Whether the pictures are H.264. */
  public boolean isH264() {
    return demuxer.isH264();
  }

  /** FFmpeg's name for how the pictures are encoded. */
  public String codec() {
    return avcodec.avcodec_get_name(video().codecpar().codec_id()).getString();
  }

  /** How long the file says that it is, microseconds; 0 where it says nothing. */
  public long durationUs() {
    return demuxer.durationUs();
  }

  /**
   * Reads the next packet, which the caller unreferences. Sound before the first picture is passed
   * over.
   *
   * @throws io.github.raspberryspy.camera.CameraException of kind CORRUPT, if the file breaks off
   */
  public Content read(AVPacket packet) {
    while (true) {
      switch (demuxer.read(packet)) {
        case PACKET -> {
          timeline.place(packet);
          return Content.PICTURE;
        }
        case SOUND -> {
          if (!timeline.isEmpty()) {
            packet.pts(packet.pts() + timeline.offset());
            packet.dts(packet.pts());
            return Content.SOUND;
          }
          avcodec.av_packet_unref(packet);
        }
        case END -> {
          return Content.END;
        }
        default -> {
          // a packet of another stream
        }
      }
    }
  }

  @Override
  public void close() {
    demuxer.close();
  }
}
