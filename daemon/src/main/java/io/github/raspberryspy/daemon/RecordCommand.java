package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.CameraPipelineBuilder;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.audio.AudioCodec;
import io.github.raspberryspy.camera.audio.AudioConfig;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.daemon.config.DurationConverter;
import io.github.raspberryspy.daemon.config.KeyConverter;
import io.github.raspberryspy.daemon.config.MotionDecode;
import io.github.raspberryspy.daemon.config.MotionKeys;
import io.github.raspberryspy.daemon.config.OverlayKeys;
import io.github.raspberryspy.daemon.config.RecordMode;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.motion.MotionAids;
import io.github.raspberryspy.motion.MotionListener;
import io.github.raspberryspy.segments.Box;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Records a source without any master. */
@Command(name = "record", description = "Records a source into a folder, without any master.")
final class RecordCommand implements Callable<Integer> {

  @Option(names = "--source", required = true, paramLabel = "URI", description = "What to record.")
  private String source;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to.")
  private Path out;

  @Option(
      names = "--name",
      defaultValue = "camera",
      description = "Name of the camera; default: ${DEFAULT-VALUE}.")
  private String name;

  @Option(
      names = "--segment",
      defaultValue = "1h",
      converter = KeyConverter.Segment.class,
      paramLabel = "TIME",
      description = "Length of a segment; default: ${DEFAULT-VALUE}.")
  private Duration segment;

  @Option(
      names = "--for",
      converter = DurationConverter.class,
      paramLabel = "TIME",
      description = "Stop after this long; default: at the source's end, or when interrupted.")
  private Duration limit;

  @Option(
      names = "--mode",
      defaultValue = "continuous",
      converter = KeyConverter.Mode.class,
      paramLabel = "MODE",
      description =
          "One of: ${COMPLETION-CANDIDATES}; events needs --motion; default: ${DEFAULT-VALUE}.")
  private RecordMode mode;

  @Option(
      names = "--pre-roll",
      defaultValue = "5s",
      converter = KeyConverter.PreRoll.class,
      paramLabel = "TIME",
      description = "Recorded before an event; default: ${DEFAULT-VALUE}.")
  private Duration preRoll;

  @Option(
      names = "--post-roll",
      defaultValue = "10s",
      converter = KeyConverter.PostRoll.class,
      paramLabel = "TIME",
      description = "Recorded after an event; default: ${DEFAULT-VALUE}.")
  private Duration postRoll;

  @Option(names = "--overlay-time", description = "Burn date and time into the picture.")
  private boolean overlayTime;

  @Option(
      names = "--overlay-text",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "Burn this text into the picture.")
  private String overlayText;

  @Option(
      names = "--privacy-mask",
      paramLabel = "X,Y,W,H",
      description = "Make this part black, in shares of the picture from 0 to 1.")
  private List<String> privacyMasks = new ArrayList<>();

  @Option(names = "--motion", description = "Flag motion in the manifests.")
  private boolean motion;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "How or when motion is looked for, such as motion.sensitivity=60, motion.zones or"
              + " motion.schedule; needs --motion.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--motion-decode",
      defaultValue = "auto",
      paramLabel = "HOW",
      description =
          "How much of an H.264 source is decoded for it, one of: ${COMPLETION-CANDIDATES}; default:"
              + " ${DEFAULT-VALUE}.")
  private MotionDecode motionDecode;

  @Option(
      names = "--encoder",
      defaultValue = "auto",
      converter = KeyConverter.Encoder.class,
      paramLabel = "NAME",
      description = "One of: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private EncoderConfig.Choice encoder;

  @Option(
      names = "--bitrate",
      defaultValue = "4000000",
      converter = KeyConverter.Bitrate.class,
      paramLabel = "BPS",
      description = "Bits per second; default: ${DEFAULT-VALUE}.")
  private int bitrate;

  @Option(
      names = "--audio",
      paramLabel = "URI",
      description = "Record this sound too; default: none.")
  private String audio;

  @Option(
      names = "--audio-codec",
      converter = KeyConverter.Codec.class,
      paramLabel = "NAME",
      description = "One of: aac, opus; default: aac.")
  private AudioCodec audioCodec;

  @Option(
      names = "--audio-bitrate",
      converter = KeyConverter.AudioBitrate.class,
      paramLabel = "BPS",
      description = "Bits of sound per second; default: 64000.")
  private Integer audioBitrate;

  @Option(names = "--json", description = "End with a summary in JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = Settings.of(MotionKeys.WATCHING, sets);
    if (!motion && !sets.isEmpty()) {
      throw new UsageException("--set needs --motion: nobody would look");
    }
    List<Box> masks = masks();
    CameraPipelineBuilder builder =
        CameraPipeline.builder()
            .name(name)
            .source(source)
            .encoder(EncoderConfig.h264().choice(encoder).bitrateBps(bitrate))
            .overlay(
                new OverlayConfig(overlayTime, overlayText, masks, MotionKeys.privacy(settings)))
            .record(recorder())
            .listener(new Problems());
    if (audio == null && (audioBitrate != null || audioCodec != null)) {
      throw new UsageException("--audio-codec and --audio-bitrate need --audio: there is no sound");
    }
    if (audio != null) {
      builder.audio(sound());
    }
    try (MotionStage stage =
            motion
                ? MotionStage.attachTo(
                        builder,
                        name,
                        MotionKeys.config(settings, masks),
                        new MotionAids(
                            Optional.empty(), Optional.empty(), MotionKeys.schedule(settings)),
                        MotionListener.NONE)
                    .decode(motionDecode)
                : null;
        CameraPipeline camera = builder.start();
        Interrupts interrupts = Interrupts.closing(camera)) {
      if (limit == null) {
        camera.awaitStop();
      } else if (!camera.awaitStop(limit)) {
        camera.close();
        camera.awaitStop();
      }
      summarise(camera.counters());
    }
    return Main.OK;
  }

  private AudioConfig sound() {
    AudioConfig sound = AudioConfig.of(audio);
    sound = audioCodec == null ? sound : sound.codec(audioCodec);
    return audioBitrate == null ? sound : sound.bitrateBps(audioBitrate);
  }

  private List<Box> masks() {
    List<Box> masks = new ArrayList<>();
    for (String mask : privacyMasks) {
      try {
        masks.addAll(OverlayKeys.masks(mask));
      } catch (IllegalArgumentException e) {
        throw new UsageException(
            "--privacy-mask \""
                + mask
                + "\" is not X,Y,WIDTH,HEIGHT, each from 0 to 1 and no side 0");
      }
    }
    return masks;
  }

  private RecorderConfig recorder() {
    RecorderConfig recorder = RecorderConfig.into(out).segment(segment);
    if (mode == RecordMode.CONTINUOUS) {
      return recorder;
    }
    if (!motion) {
      throw new UsageException("--mode events needs --motion: nothing else would be recorded");
    }
    return recorder.events(preRoll, postRoll);
  }

  private void summarise(Counters counters) {
    Map<String, Long> summary = new LinkedHashMap<>();
    summary.put("captured", counters.get(Counter.FRAMES_CAPTURED));
    summary.put("converted", counters.get(Counter.FRAMES_CONVERTED));
    summary.put("copied", counters.get(Counter.FRAMES_COPIED));
    summary.put("encoded", counters.get(Counter.FRAMES_ENCODED));
    summary.put("recorded", counters.get(Counter.FRAMES_RECORDED));
    summary.put("decoded", counters.get(Counter.FRAMES_DECODED));
    summary.put("notDecoded", counters.get(Counter.FRAMES_NOT_DECODED));
    summary.put("lostByDecoder", counters.get(Counter.FRAMES_LOST_BY_DECODER));
    summary.put("dropped", counters.framesDropped());
    summary.put("segments", counters.get(Counter.SEGMENTS_SEALED));
    summary.put("bytes", counters.get(Counter.BYTES_RECORDED));
    summary.put("written", counters.get(Counter.BYTES_TO_DISK));
    if (json) {
      Json.print(summary);
    } else {
      System.out.printf(
          Locale.ROOT,
          "%d frames recorded in %d segment%s (%.1f MB), %d dropped%n",
          counters.get(Counter.FRAMES_RECORDED),
          counters.get(Counter.SEGMENTS_SEALED),
          counters.get(Counter.SEGMENTS_SEALED) == 1 ? "" : "s",
          counters.get(Counter.BYTES_RECORDED) / 1e6,
          counters.framesDropped());
    }
  }

  /** Says what goes wrong while it goes on. */
  private static final class Problems implements PipelineListener {
    @Override
    public void onProblem(String sentence) {
      System.err.println(sentence);
    }

    @Override
    public void onFault(CameraFault fault) {
      System.err.println(fault.sentence());
    }
  }
}
