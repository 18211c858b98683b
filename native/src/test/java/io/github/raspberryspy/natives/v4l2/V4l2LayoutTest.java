package io.github.raspberryspy.natives.v4l2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds our numbers against the C compiler's: it is given the kernel's header and a file full of
 * static assertions, and is not even asked to make a program of them.
 */
class V4l2LayoutTest {

  private static final V4l2Layout WIDE = new V4l2Layout(8, 8);
  private static final V4l2Layout ARM32 = new V4l2Layout(4, 8);
  private static final V4l2Layout X86_32 = new V4l2Layout(4, 4);

  @TempDir Path folder;

  @Test
  void theCompilerOfThisMachineAgrees() throws Exception {
    assertThat(complaints(V4l2Layout.HERE, "cc")).isEmpty();
  }

  @Test
  void theCompilerSeesAWrongNumber() throws Exception {
    assumeTrue(V4l2Layout.HERE.equals(WIDE), "this machine has 32 bits");
    assertThat(complaints(ARM32, "cc")).contains("VIDIOC_QBUF").contains("struct v4l2_plane");
  }

  @Test
  void theCompilerAgreesFor32BitsOfX86() throws Exception {
    assertThat(complaints(X86_32, "cc", "-m32")).isEmpty();
  }

  /** ARM differs from x86 in the alignment of 64-bit numbers, which x86 can be told to follow. */
  @Test
  void theCompilerAgreesFor32BitsWithNumbersAlignedAsOnArm() throws Exception {
    assertThat(complaints(ARM32, "cc", "-m32", "-malign-double")).isEmpty();
  }

  @Test
  void theCompilerAgreesFor32BitsOfArm() throws Exception {
    assertThat(complaints(ARM32, "arm-linux-gnueabihf-gcc")).isEmpty();
  }

  @Test
  void theCompilerAgreesFor64BitsOfArm() throws Exception {
    assertThat(complaints(WIDE, "aarch64-linux-gnu-gcc")).isEmpty();
  }

  /** The numbers that the header gives on 64-bit and 32-bit systems, written down once. */
  @Test
  void numbersAreThoseOfTheKernel() {
    assertThat(Request.VIDIOC_S_FMT.number(WIDE)).isEqualTo(0xc0d05605L);
    assertThat(Request.VIDIOC_QBUF.number(WIDE)).isEqualTo(0xc058560fL);
    assertThat(Request.VIDIOC_DQEVENT.number(WIDE)).isEqualTo(0x80885659L);
    assertThat(Request.VIDIOC_S_EXT_CTRLS.number(WIDE)).isEqualTo(0xc0205648L);
    assertThat(Request.VIDIOC_S_FMT.number(ARM32)).isEqualTo(0xc0cc5605L);
    assertThat(Request.VIDIOC_QBUF.number(ARM32)).isEqualTo(0xc044560fL);
    assertThat(Request.VIDIOC_DQEVENT.number(ARM32)).isEqualTo(0x80805659L);
    assertThat(Request.VIDIOC_DQEVENT.number(X86_32)).isEqualTo(0x80785659L);
    assertThat(Request.VIDIOC_S_EXT_CTRLS.number(ARM32)).isEqualTo(0xc0185648L);
    assertThat(Request.VIDIOC_QUERYCAP.number()).isEqualTo(0x80685600L);
    assertThat(Request.VIDIOC_STREAMON.number()).isEqualTo(0x40045612L);
  }

  /** What the compiler has against our numbers; empty where it agrees. */
  private String complaints(V4l2Layout layout, String... compiler) throws Exception {
    Path source = Files.writeString(folder.resolve("layout.c"), source(layout));
    // What the C library's header asks for where its 32-bit part is not installed: nothing in it
    // counts here.
    Files.createDirectories(folder.resolve("gnu"));
    Files.writeString(folder.resolve("gnu/stubs-32.h"), "");
    List<String> command = new ArrayList<>(List.of(compiler));
    command.addAll(List.of("-std=gnu11", "-fsyntax-only", "-I", folder.toString()));
    command.addAll(lastResort());
    command.add(source.toString());
    Path output = folder.resolve("output");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      return abort("there is no compiler " + compiler[0] + ": " + e.getMessage());
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assumeTrue(!said.contains("No such file or directory"), "headers are absent: " + said.strip());
    return process.exitValue() == 0 ? "" : said;
  }

  /** Debian keeps a part of the headers in a folder of the machine's own kind, the same in all. */
  private static List<String> lastResort() throws IOException {
    List<String> folders = new ArrayList<>();
    try (DirectoryStream<Path> kinds =
        Files.newDirectoryStream(Path.of("/usr/include"), "*-linux-gnu*")) {
      for (Path kind : kinds) {
        folders.add("-idirafter");
        folders.add(kind.toString());
      }
    }
    return folders;
  }

  private static String source(V4l2Layout layout) {
    StringBuilder source = new StringBuilder("#include <stddef.h>\n#include <poll.h>\n");
    source.append("#include <linux/videodev2.h>\n");
    for (Request request : Request.values()) {
      source.append(
          String.format(
              "_Static_assert(%s == 0x%xUL, \"%s\");%n", request, request.number(layout), request));
    }
    facts(layout)
        .forEach(
            (fact, number) ->
                source.append(
                    String.format("_Static_assert(%s == %d, \"%s\");%n", fact, number, fact)));
    return source.toString();
  }

  private static Map<String, Integer> facts(V4l2Layout layout) {
    Map<String, Integer> facts = new TreeMap<>();
    fixed(facts);
    facts.put("sizeof(struct v4l2_format)", layout.formatSize());
    facts.put("offsetof(struct v4l2_format, fmt)", layout.formatUnion());
    facts.put("sizeof(struct v4l2_buffer)", layout.bufferSize());
    facts.put("offsetof(struct v4l2_buffer, timestamp)", layout.bufferSeconds());
    facts.put("offsetof(struct v4l2_buffer, timestamp.tv_usec)", layout.bufferMicroseconds());
    facts.put("offsetof(struct v4l2_buffer, sequence)", layout.bufferSequence());
    facts.put("offsetof(struct v4l2_buffer, memory)", layout.bufferMemory());
    facts.put("offsetof(struct v4l2_buffer, m)", layout.bufferUnion());
    facts.put("offsetof(struct v4l2_buffer, length)", layout.bufferLength());
    facts.put("sizeof(struct v4l2_plane)", layout.planeSize());
    facts.put("offsetof(struct v4l2_plane, data_offset)", layout.planeDataOffset());
    facts.put("sizeof(struct v4l2_ext_controls)", layout.controlsSize());
    facts.put("offsetof(struct v4l2_ext_controls, controls)", layout.controlsPointer());
    facts.put("sizeof(struct v4l2_event)", layout.eventSize());
    facts.put("offsetof(struct v4l2_event, u)", layout.eventUnion());
    facts.put("offsetof(struct v4l2_event, pending)", layout.eventPending());
    return facts;
  }

  private static void fixed(Map<String, Integer> facts) {
    offset(facts, "capability", "card", V4l2Layout.Capability.CARD);
    offset(facts, "capability", "bus_info", V4l2Layout.Capability.BUS);
    offset(facts, "capability", "capabilities", V4l2Layout.Capability.CAPABILITIES);
    offset(facts, "capability", "device_caps", V4l2Layout.Capability.DEVICE_CAPS);
    offset(facts, "fmtdesc", "flags", V4l2Layout.FormatDescription.FLAGS);
    offset(facts, "fmtdesc", "description", V4l2Layout.FormatDescription.DESCRIPTION);
    offset(facts, "fmtdesc", "pixelformat", V4l2Layout.FormatDescription.PIXEL_FORMAT);
    offset(facts, "frmsizeenum", "type", V4l2Layout.FrameSizes.TYPE);
    offset(facts, "frmsizeenum", "discrete.height", V4l2Layout.FrameSizes.DISCRETE_HEIGHT);
    offset(facts, "frmsizeenum", "stepwise.max_width", V4l2Layout.FrameSizes.MAX_WIDTH);
    offset(facts, "frmsizeenum", "stepwise.step_height", V4l2Layout.FrameSizes.STEP_HEIGHT);
    offset(facts, "frmivalenum", "type", V4l2Layout.FrameIntervals.TYPE);
    offset(facts, "frmivalenum", "discrete", V4l2Layout.FrameIntervals.DISCRETE);
    offset(facts, "frmivalenum", "stepwise.max", V4l2Layout.FrameIntervals.MAX);
    offset(facts, "pix_format", "pixelformat", V4l2Layout.Pix.PIXEL_FORMAT);
    offset(facts, "pix_format", "bytesperline", V4l2Layout.Pix.BYTES_PER_LINE);
    offset(facts, "pix_format", "sizeimage", V4l2Layout.Pix.SIZE_IMAGE);
    offset(facts, "pix_format", "colorspace", V4l2Layout.Pix.COLORSPACE);
    offset(facts, "pix_format", "priv", V4l2Layout.Pix.PRIV);
    offset(facts, "pix_format", "quantization", V4l2Layout.Pix.QUANTIZATION);
    offset(facts, "pix_format_mplane", "colorspace", V4l2Layout.PixMplane.COLORSPACE);
    offset(facts, "pix_format_mplane", "plane_fmt", V4l2Layout.PixMplane.PLANE_FORMATS);
    offset(facts, "pix_format_mplane", "num_planes", V4l2Layout.PixMplane.NUM_PLANES);
    offset(facts, "pix_format_mplane", "quantization", V4l2Layout.PixMplane.QUANTIZATION);
    offset(facts, "plane_pix_format", "bytesperline", V4l2Layout.PixMplane.PLANE_BYTES_PER_LINE);
    facts.put("sizeof(struct v4l2_plane_pix_format)", V4l2Layout.PixMplane.PLANE_FORMAT_SIZE);
    offset(facts, "streamparm", "parm.capture.capability", V4l2Layout.StreamParm.CAPABILITY);
    offset(facts, "streamparm", "parm.capture.timeperframe", V4l2Layout.StreamParm.NUMERATOR);
    offset(facts, "streamparm", "parm.output.timeperframe", V4l2Layout.StreamParm.NUMERATOR);
    offset(facts, "requestbuffers", "memory", V4l2Layout.RequestBuffers.MEMORY);
    offset(facts, "exportbuffer", "plane", V4l2Layout.ExportBuffer.PLANE);
    offset(facts, "exportbuffer", "fd", V4l2Layout.ExportBuffer.FD);
    offset(facts, "query_ext_ctrl", "name", V4l2Layout.QueryControl.NAME);
    offset(facts, "query_ext_ctrl", "minimum", V4l2Layout.QueryControl.MINIMUM);
    offset(facts, "query_ext_ctrl", "step", V4l2Layout.QueryControl.STEP);
    offset(facts, "query_ext_ctrl", "default_value", V4l2Layout.QueryControl.DEFAULT);
    offset(facts, "query_ext_ctrl", "flags", V4l2Layout.QueryControl.FLAGS);
    offset(facts, "querymenu", "name", V4l2Layout.QueryMenu.NAME);
    offset(facts, "querymenu", "value", V4l2Layout.QueryMenu.NAME);
    offset(facts, "ext_control", "value64", V4l2Layout.Control.VALUE);
    facts.put("sizeof(struct v4l2_ext_control)", V4l2Layout.Control.SIZE);
    offset(facts, "ext_controls", "count", V4l2Layout.Controls.COUNT);
    offset(facts, "buffer", "bytesused", V4l2Layout.Buffer.BYTES_USED);
    offset(facts, "buffer", "flags", V4l2Layout.Buffer.FLAGS);
    offset(facts, "buffer", "field", V4l2Layout.Buffer.FIELD);
    offset(facts, "plane", "length", V4l2Layout.Plane.LENGTH);
    offset(facts, "plane", "m", V4l2Layout.Plane.MEMORY);
    offset(facts, "selection", "r.width", V4l2Layout.Selection.WIDTH);
    offset(facts, "selection", "r.height", V4l2Layout.Selection.HEIGHT);
    facts.put("V4L2_SEL_TGT_CROP", 0);
    facts.put("V4L2_CID_MPEG_VIDEO_BITRATE", EncoderControl.BITRATE.id());
    facts.put("V4L2_CID_MPEG_VIDEO_B_FRAMES", EncoderControl.B_FRAMES.id());
    facts.put("V4L2_CID_MPEG_VIDEO_GOP_SIZE", EncoderControl.GOP_SIZE.id());
    facts.put("V4L2_CID_MPEG_VIDEO_H264_I_PERIOD", EncoderControl.H264_I_PERIOD.id());
    facts.put("V4L2_CID_MPEG_VIDEO_H264_PROFILE", EncoderControl.H264_PROFILE.id());
    facts.put("V4L2_CID_MPEG_VIDEO_H264_LEVEL", EncoderControl.H264_LEVEL.id());
    facts.put("V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER", EncoderControl.REPEAT_HEADER.id());
    facts.put("V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME", EncoderControl.FORCE_KEYFRAME.id());
    facts.put("V4L2_MPEG_VIDEO_H264_PROFILE_HIGH", EncoderControl.PROFILE_HIGH);
    facts.put("V4L2_MPEG_VIDEO_H264_LEVEL_4_0", EncoderControl.LEVEL_4_0);
    facts.put("V4L2_MPEG_VIDEO_H264_LEVEL_4_2", EncoderControl.LEVEL_4_2);
    facts.put("V4L2_MPEG_VIDEO_H264_LEVEL_5_1", EncoderControl.LEVEL_5_1);
    facts.put("sizeof(struct pollfd)", 8);
    facts.put("offsetof(struct pollfd, revents)", 6);
  }

  private static void offset(Map<String, Integer> facts, String struct, String field, int at) {
    facts.put("offsetof(struct v4l2_" + struct + ", " + field + ")", at);
  }
}
