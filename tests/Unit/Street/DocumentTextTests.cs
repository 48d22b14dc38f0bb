using System.Text;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Unit.Street;

public sealed class DocumentTextTests
{
    private const string Text = "{ \"name\": \"代办\" }";

    [Fact]
    public void A_document_is_read_however_it_was_saved()
    {
        Encoding[] encodings = [new UTF8Encoding(true), new UTF8Encoding(false), Encoding.Unicode, Encoding.BigEndianUnicode, CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!];
        Assert.All(encodings, encoding => Assert.Equal(Text, DocumentText.Of([.. encoding.Preamble, .. encoding.GetBytes(Text)])));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_read_without_a_fault() => Assert.NotEmpty(DocumentText.Of([0xff, 0x80, 0x00, 0xfe]));
}
