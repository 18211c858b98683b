package io.github.raspberryspy.camera.source;

import java.util.List;

/**
 * How FFmpeg is to open a source.
 *
 * @param name what it is called in messages, without secrets
 * @param address what FFmpeg opens: a path, a device or a URL
 * @param format FFmpeg's name of the input format; empty to let it find out
 * @param options pairs of name and value for the input format
 * @param isLive whether it delivers at its own pace and waits for nobody
 * @param paced whether it must be held back to its timestamps, as if it were live
 * @param loops whether it begins anew at its end
 * @param frames whether frames are wanted even where the stream is H.264
 */
record DemuxSpec(
    String name,
    String address,
    String format,
    List<String> options,
    boolean isLive,
    boolean paced,
    boolean loops,
    boolean frames) {}
