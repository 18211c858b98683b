package io.github.raspberryspy.camera.encode;

import io.github.raspberryspy.camera.FramePool;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** Pictures in memory that other devices can be given, as a camera's are; or that cannot. */
final class GivenFrames {

  private GivenFrames() {}

  /**
   * I420 pictures of 640x480 in one piece each; slot n begins with the byte n + 50, and its dmabuf
   * has the number n + 100.
   */
  static FramePool vga(int slots, boolean isExported) {
    int luma = 640 * 480;
    List<AVFrame> frames = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      AVFrame frame = avutil.av_frame_alloc();
      frame.format(avutil.AV_PIX_FMT_YUV420P).width(640).height(480);
      frame.buf(0, avutil.av_buffer_allocz(luma * 3 / 2));
      BytePointer bytes = frame.buf(0).data();
      bytes.put(0, (byte) (i + 50));
      frame.data(0, bytes).linesize(0, 640);
      frame.data(1, new BytePointer(bytes).position(luma)).linesize(1, 320);
      frame.data(2, new BytePointer(bytes).position(luma * 5L / 4)).linesize(2, 320);
      frames.add(frame);
    }
    return FramePool.over(
        frames,
        new FramePool.Lender() {
          @Override
          public void requeue(int slot) {}

          @Override
          public int[] dmabufs(int slot) {
            return isExported ? new int[] {slot + 100} : new int[0];
          }

          @Override
          public void release(int slot) {}
        });
  }
}
