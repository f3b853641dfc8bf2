using System.IO.Pipes;
using TorchSharp;

namespace Mspn.Core.Tests.Weights;

public sealed class BrokenSafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("broken.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("not JSON", "not valid")]
    [InlineData("", "not valid")]
    [InlineData("[]", "not valid")]
    [InlineData("7", "not valid")]
    [InlineData("{\"a\": 7}", "not valid")]
    [InlineData("{\"a\": {}}", "not valid")]
    [InlineData("{\"a\": {\"dtype\": 7, \"shape\": [1], \"data_offsets\": [0, 4]}}", "not valid")]
    [InlineData("{\"a\": {\"dtype\": \"F32\", \"shape\": 1, \"data_offsets\": [0, 4]}}", "not valid")]
    [InlineData("{\"a\": {\"dtype\": \"F32\", \"shape\": [\"1\"], \"data_offsets\": [0, 4]}}", "not valid")]
    [InlineData("{\"a\": {\"dtype\": \"F32\", \"shape\": [1.5], \"data_offsets\": [0, 4]}}", "not valid")]
    [InlineData("{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 1e40]}}", "not valid")]
    [InlineData("{\"__metadata__\": {\"a\": 7}}", "not valid")]
    [InlineData("{\"__metadata__\": {\"a\": \"1\", \"a\": \"2\"}}", "not valid")]
    [InlineData("{\"\\ud800\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}}", "not valid")]
    [InlineData("{\"a\": {\"dtype\": \"F13\", \"shape\": [1], \"data_offsets\": [0, 4]}}", "unknown type 'F13'")]
    [InlineData("{\"a\": {\"dtype\": \"F32\", \"shape\": [-1], \"data_offsets\": [0, 4]}}", "impossible shape")]
    [InlineData("{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0]}}", "outside")]
    [InlineData("{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [-4, 0]}}", "outside")]
    [InlineData("{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [8, 4]}}", "outside")]
    [InlineData("{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [14, 18]}}", "outside")]
    [InlineData("{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 4]}}", "needs 8 bytes, but 4")]
    [InlineData(
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}, \"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 8]}}",
        "twice")]
    [InlineData(
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [4, 12]}, \"b\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}",
        "overlap")]
    public void A_broken_header_is_an_error_that_names_the_file(string header, string problem)
    {
        RawSafeTensors.Write(Path, header, 16);
        ShouldBeRefused(problem);
    }

    [Fact]
    public void What_can_be_read_only_once_is_no_weight_file()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        var open = () => WeightFile.Open("a pipe", pipe);
        open.Should().Throw<PoseDataException>().WithMessage("a pipe: *cannot be read*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_file_too_short_for_a_header_is_an_error(int bytes)
    {
        File.WriteAllBytes(Path, new byte[bytes]);
        ShouldBeRefused("too few");
    }

    [Theory]
    [InlineData(11UL)]
    [InlineData(200_000_000UL)]
    [InlineData(ulong.MaxValue)]
    public void A_header_longer_than_the_file_is_an_error(ulong claimed)
    {
        RawSafeTensors.Write(Path, "{}", 8, claimed);
        ShouldBeRefused("claims");
    }

    [Fact]
    public void A_truncated_file_is_an_error_wherever_it_is_cut()
    {
        using var scope = torch.NewDisposeScope();
        SafeTensorsWriter.Write(Path, [new("a", torch.ones(4)), new("b", torch.ones(2, 2))]);
        var whole = File.ReadAllBytes(Path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            ShouldBeRefused("");
        }
    }

    [Theory]
    [InlineData("[1000000000000, 1000000]", "[0, 4000000000000000000]")]
    [InlineData("[9000000000000000000, 9000000000000000000, 9000000000000000000]", "[0, 16]")]
    [InlineData("[0, 9000000000000000000, 9000000000000000000]", "[0, 0]")]
    [InlineData("[9000000000000000000, 9000000000000000000, 0]", "[0, 0]")]
    public void A_header_that_claims_huge_shapes_allocates_nothing(string shape, string offsets)
    {
        RawSafeTensors.Write(Path, $"{{\"a\": {{\"dtype\": \"F32\", \"shape\": {shape}, \"data_offsets\": {offsets}}}}}", 16);
        ShouldBeRefused("");
        var (tensors, bytes) = (torch.Tensor.TotalCount, GC.GetAllocatedBytesForCurrentThread());
        ShouldBeRefused("");
        torch.Tensor.TotalCount.Should().Be(tensors);
        (GC.GetAllocatedBytesForCurrentThread() - bytes).Should().BeLessThan(1_000_000);
    }

    [Fact]
    public void Missing_files_folders_and_tensors_are_errors()
    {
        ShouldBeRefused("does not exist");
        var folder = () => SafeTensorsFile.Open(_folder.Path);
        folder.Should().Throw<PoseDataException>().WithMessage($"{_folder.Path}*cannot be read*");
        SafeTensorsWriter.Write(Path, []);
        using var file = SafeTensorsFile.Open(Path);
        file.Invoking(f => f.Read("x")).Should().Throw<PoseDataException>().WithMessage("*no tensor 'x'*");
        file.Invoking(f => f.Shape("x")).Should().Throw<PoseDataException>();
        file.Invoking(f => f.Type("x")).Should().Throw<PoseDataException>();
    }

    [Fact]
    public void A_refused_file_is_closed_again()
    {
        RawSafeTensors.Write(Path, "{}", 0, 99);
        ShouldBeRefused("claims");
        File.OpenWrite(Path).Dispose();
    }

    private void ShouldBeRefused(string problem)
    {
        var open = () => SafeTensorsFile.Open(Path).Dispose();
        open.Should().ThrowExactly<PoseDataException>().WithMessage($"{Path}: *{problem}*").Which.SourceName.Should().Be(Path);
    }
}
