using System.Text;
using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Which answers are compared with the document: every one that differs from the earlier ones in more than its texts and numbers.</summary>
[Trait("Database", "SQLite")] // asks no database
public sealed class JsonNewsTests
{
    private const string First = """{"epoch":"a1b2","seq":12,"calls":[{"no":"W260311-00001","state":"ringing","due":null},{"no":"W260311-00002","state":"accepted","due":"2026-03-11T09:00:00Z"}]}""";

    [Theory]
    [InlineData("""{"epoch":"c3d4","seq":13,"calls":[{"no":"W260311-00009","state":"accepted","due":"2026-03-11T10:00:00Z"}]}""", false)]
    [InlineData("""{"seq":13,"epoch":"c3d4","calls":[{"no":"W260311-00009","state":"ringing","due":null}]}""", false)]
    [InlineData("""{"epoch":"c3d4","calls":[{"no":"W260311-00009","state":"ringing","due":null}]}""", true)]
    [InlineData("""{"epoch":"c3d4","seq":13,"calls":[{"no":"W260311-00009","state":"ringing"}]}""", true)]
    [InlineData("""{"epoch":"c3d4","seq":13,"calls":[{"no":"W260311-00009","state":"ringing","due":null,"name":"x1"}]}""", true)]
    [InlineData("""{"epoch":"c3d4","seq":13,"calls":[{"no":"W260311-00009","state":"forgotten","due":null}]}""", true)]
    [InlineData("""{"epoch":"c3d4","seq":"13","calls":[]}""", true)]
    [InlineData("""{"epoch":"c3d4","seq":1.5,"calls":[]}""", true)]
    [InlineData("""{"epoch":"","seq":13,"calls":[]}""", true)]
    [InlineData("""{"epoch":"c3d4","seq":13,"calls":[null]}""", true)]
    [InlineData("""{"epoch":"c3d4","seq":13,"calls":[[]]}""", true)]
    [InlineData("""[{"epoch":"c3d4","seq":13,"calls":[]}]""", true)]
    public void An_answer_is_news_if_its_members_kinds_or_codes_are(string second, bool isNews)
    {
        var news = new JsonNews();
        Assert.True(news.Has(Encoding.UTF8.GetBytes(First)));
        Assert.False(news.Has(Encoding.UTF8.GetBytes(First)));
        Assert.Equal(isNews, news.Has(Encoding.UTF8.GetBytes(second)));
    }
}
