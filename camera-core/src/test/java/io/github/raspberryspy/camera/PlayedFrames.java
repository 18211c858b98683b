package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The pictures of a video file, decoded, as a player sees them. */
public final class PlayedFrames {

  private PlayedFrames() {}

  /**
   * Shows each in order; the viewer borrows it.
   *
   * @throws AssertionError if any is lost
   */
  public static void forEach(Path video, Consumer<Frame> viewer) {
    CameraSource.Receiver receiver =
        new CameraSource.Receiver() {
          @Override
          public void onFrame(Frame frame) {
            viewer.accept(frame);
          }

          @Override
          public void onPacket(Packet packet) {
            throw new AssertionError("asked for frames");
          }

          @Override
          public void onLost(long frames) {
            throw new AssertionError("lost " + frames);
          }
        };
    try (CameraSource source = Sources.create(video.toUri().toString(), Sources.Delivery.FRAMES)) {
      source.open();
      boolean goesOn = true;
      while (goesOn) {
        goesOn = source.deliver(receiver);
      }
    }
  }
}
