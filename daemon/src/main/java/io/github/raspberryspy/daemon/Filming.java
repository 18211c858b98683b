package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.CameraPipelineBuilder;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.snapshot.TimeLapse;
import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.daemon.gpio.Pi4jPort;
import io.github.raspberryspy.daemon.gpio.PirConfig;
import io.github.raspberryspy.daemon.gpio.PirSensor;
import io.github.raspberryspy.motion.CoolDown;
import io.github.raspberryspy.motion.MotionAids;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionListener;
import io.github.raspberryspy.motion.PirFusion;
import io.github.raspberryspy.motion.PirSignal;
import io.github.raspberryspy.motion.TamperWatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A camera that films by one config: sensor, motion detector, pipeline and time-lapse, built in
 * this order and closed in reverse. Another config takes another one. Thread-safe.
 */
final class Filming implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Filming.class);

  private final String camera;
  private final Ears ears;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private Optional<MotionStage> stage = Optional.empty();
  private CameraPipeline pipeline;

  /**
   * Who hears of it.
   *
   * @param news of the pipeline, and faults of all of it
   * @param people of what moves, but for what a cool-down keeps from them
   * @param movement hears of what moves all the same, and passes it on
   * @param clockIsSet whether the wall clock can be believed
   */
  record Ears(
      PipelineListener news,
      MotionListener people,
      UnaryOperator<MotionListener> movement,
      BooleanSupplier clockIsSet) {}

  private Filming(String camera, Ears ears) {
    this.camera = camera;
    this.ears = ears;
  }

  /**
   * Begins to film.
   *
   * @param gapReason why footage is missing since what was recorded before
   */
  static Filming start(CameraConfig config, Ears ears, String gapReason) {
    Filming filming = new Filming(config.name(), ears);
    try {
      filming.build(config, gapReason);
      return filming;
    } catch (RuntimeException e) {
      filming.close();
      throw e;
    }
  }

  CameraPipeline pipeline() {
    return pipeline;
  }

  /**
   * Looks for motion by this config from now on, without losing a frame; false where it does not
   * look for motion, so that it has to be built anew.
   */
  boolean retune(MotionConfig motion) {
    stage.ifPresent(s -> s.retune(motion));
    return stage.isPresent();
  }

  /** Stops filming, and seals. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("a part of camera {} did not close", camera, e);
      }
    }
  }

  private void build(CameraConfig config, String gapReason) {
    CameraPipelineBuilder builder =
        CameraPipeline.builder()
            .name(config.name())
            .source(config.source())
            .encoder(config.encoder())
            .overlay(config.overlay())
            .record(config.recorder())
            .supervise(config.supervision())
            .clockIsSet(ears.clockIsSet())
            .missingBecause(gapReason)
            .retries(true);
    config.audio().ifPresent(builder::audio);
    stage = config.motion().map(motion -> watch(builder, config, motion));
    pipeline = keep(builder.listener(ears.news()).start());
    config
        .timeLapse()
        .ifPresent(
            lapse ->
                keep(
                    TimeLapse.start(
                        config.name(), lapse, pipeline::snapshot, ears.news()::onProblem)));
  }

  private MotionStage watch(
      CameraPipelineBuilder builder, CameraConfig config, MotionConfig motion) {
    Optional<PirFusion> pir = config.pir().map(this::listen);
    Optional<TamperWatch> tamper =
        config.tamper()
            ? Optional.of(new TamperWatch(config.name(), ears.news()::onFault))
            : Optional.empty();
    MotionAids aids = new MotionAids(pir, tamper, config.schedule());
    MotionListener told = ears.movement().apply(CoolDown.of(config.cooldown(), ears.people()));
    return keep(MotionStage.attachTo(builder, config.name(), motion, aids, told))
        .decode(config.motionDecode());
  }

  private PirFusion listen(PirConfig sensor) {
    PirSignal signal = new PirSignal();
    keep(PirSensor.start(camera, sensor, Pi4jPort.ofThisBoard(), signal, ears.news()::onFault));
    return sensor.with(signal);
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }
}
