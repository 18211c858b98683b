package io.github.raspberryspy.camera.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import io.github.raspberryspy.natives.v4l2.BufferType;
import io.github.raspberryspy.natives.v4l2.FourCc;
import io.github.raspberryspy.natives.v4l2.TestDevices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The hardware encoder at the kernel's own virtual one, whose codec is FWHT instead of H.264. */
@Tag("driver")
@Timeout(120)
@ExtendWith(FrameLeakExtension.class)
class V4l2M2mEncoderDriverTest {

  private static final ImageFormat VGA = new ImageFormat(640, 480, PixelFormat.I420, false);
  private static final int FRAMES = 40;

  private final List<Packet> packets = new ArrayList<>();

  private static V4l2M2mEncoder open() {
    EncoderConfig config = EncoderConfig.h264().gop(Duration.ofMillis(500));
    return V4l2M2mEncoder.open(
        HardwareEncoders.ofThisMachine(),
        TestDevices.fwhtEncoder(),
        FourCc.of("FWHT"),
        config,
        VGA,
        TestDevices.FPS);
  }

  @Test
  void aCamerasFramesAreEncodedWhereTheyAreAndComeBack() {
    String camera = TestDevices.vivid(BufferType.CAPTURE);
    List<Long> times = new ArrayList<>();
    try (V4l2M2mEncoder encoder = open();
        CameraSource source =
            Sources.create(
                "v4l2://" + camera + "?size=640x480&format=yu12&fps=" + TestDevices.FPS)) {
      source.open();
      CameraSource.Receiver receiver =
          new CameraSource.Receiver() {
            @Override
            public void onFrame(Frame frame) {
              assertThat(frame.image().dmabufs()).hasSize(1);
              times.add(frame.ptsUs());
              encoder.encode(frame.share("encode"), packets::add);
            }

            @Override
            public void onPacket(Packet packet) {
              throw new AssertionError("a packet of raw pictures");
            }

            @Override
            public void onLost(long frames) {
              // The virtual camera is late when the machine is busy.
            }
          };
      while (times.size() < FRAMES) {
        source.deliver(receiver);
      }
      assertThat(encoder.isImporting()).isTrue();
      encoder.flush(packets::add);
      encoder.close();
    }
    assertThat(packets).extracting(Packet::ptsUs).containsExactlyElementsOf(times);
    assertThat(TestDevices.mappings()).isZero();
  }

  @Test
  void otherFramesAreCopied() {
    try (FramePool pool = FramePool.allocate(PixelFormat.I420, 640, 480, 2);
        V4l2M2mEncoder encoder = open()) {
      for (int i = 0; i < FRAMES; i++) {
        var slot = pool.poll();
        assertThat(slot).isNotNull();
        encoder.encode(slot.publish(i, i * 33_333L, 0), packets::add);
      }
      assertThat(encoder.isImporting()).isFalse();
      encoder.flush(packets::add);
    }
    assertThat(packets).hasSize(FRAMES);
    assertThat(packets.get(FRAMES - 1).ptsUs()).isEqualTo((FRAMES - 1) * 33_333L);
  }
}
