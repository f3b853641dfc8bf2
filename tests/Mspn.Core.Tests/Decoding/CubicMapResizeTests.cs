namespace Mspn.Core.Tests.Decoding;

public class CubicMapResizeTests
{
    private static readonly float[] Map = [0, 1, 0.5f, -0.25f, 1, 0.75f];

    private static readonly ImageSize From = new(3, 2);

    // cv2.resize(map, (3, 5), interpolation=cv2.INTER_CUBIC) of OpenCV 4.6
    private static readonly float[] Enlarged =
    [
        -0.14938905835151672f, 0.53600013256073f, 1.2213894128799438f,
        0.13326047360897064f, 0.3005000352859497f, 0.46773964166641235f,
        0.5651041865348816f, 0.125f, -0.3151041865348816f,
        0.8914795517921448f, 0.5570001006126404f, 0.22252075374126434f,
        1.0655347108840942f, 0.9469999670982361f, 0.8284652829170227f,
    ];

    [Fact]
    public void Values_are_OpenCVs()
    {
        var target = new float[15];
        CubicMapResize.Resize(Map, From, stride: 2, target, new ImageSize(5, 3));
        target.Zip(Enlarged).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-6f);
    }

    [Fact]
    public void A_part_of_a_wider_map_is_resized_as_if_it_were_alone()
    {
        float[] wider = [0, 1, 99, 0.5f, -0.25f, 99, 1, 0.75f, 99];
        var target = new float[15];
        CubicMapResize.Resize(wider, From, stride: 3, target, new ImageSize(5, 3));
        target.Zip(Enlarged).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-6f);
    }

    [Fact]
    public void The_same_size_is_a_copy()
    {
        float[] wider = [0, 1, 99, 0.5f, -0.25f, 99, 1, 0.75f, 99];
        var target = new float[6];
        CubicMapResize.Resize(wider, From, stride: 3, target, From);
        target.Should().Equal(Map);
    }

    [Fact]
    public void Whole_blocks_and_the_rest_of_a_row_are_alike()
    {
        // Equal columns stay equal, however wide the map becomes.
        float[] columns = [1, 1, 0.2f, 0.2f, -0.4f, -0.4f];
        var target = new float[7 * 37];
        CubicMapResize.Resize(columns, From, stride: 2, target, new ImageSize(7, 37));
        target.Chunk(37).Should().OnlyContain(row => row.All(v => Math.Abs(v - row[0]) < 1e-6f));
        target.Should().Contain(v => v > 0.9f).And.Contain(v => v < -0.3f);
    }
}
