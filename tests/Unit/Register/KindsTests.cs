using System.Text.Json.Nodes;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Register;

namespace DispatchCenter.Unit.Register;

/// <summary>The kinds are a document: what is wrong is named by its member, and what is shipped is right.</summary>
public sealed class KindsTests
{
    [Fact]
    public void What_is_shipped_can_be_used() => Assert.Empty(KindsJson.Parse(RegisterBook.ShippedKinds(), 1).Mistakes());

    [Theory]
    [InlineData("kinds/0/code", "\"grid\"", "$.kinds[0].code")]
    [InlineData("kinds/0/code", "\"a b\"", "$.kinds[0].code")]
    [InlineData("kinds/1/code", "\"estate\"", "$.kinds[1].code")]
    [InlineData("kinds/0/family", "\"places\"", "$.kinds[0].family")]
    [InlineData("kinds/0/in", "[]", "$.kinds[0].in")]
    [InlineData("kinds/0/in", "[\"merchant\"]", "$.kinds[0].in[0]")]
    [InlineData("kinds/0/in", "[null]", "$.kinds[0].in[0]")]
    [InlineData("kinds/0/in", "[\"estate\"]", "$.kinds[0].in")]
    [InlineData("kinds/0/name", "\"\"", "$.kinds[0].name")]
    [InlineData("kinds/0/surname", "1", "surname")]
    [InlineData("kinds/0/fields/0/key", "\"holds\"", "$.kinds[0].fields[0].key")]
    [InlineData("kinds/0/fields/0/kind", "\"signature\"", "$.kinds[0].fields[0]")]
    [InlineData("kinds/0/fields/0/privacy", "\"caller\"", "$.kinds[0].fields[0]")]
    [InlineData("kinds/0/role", "\"king\"", "$.kinds[0].role")]
    [InlineData("kinds/0/calls", "\"households\"", "$.kinds[0].calls")]
    [InlineData("kinds/0/expires", "\"households\"", "$.kinds[0].expires")]
    [InlineData("kinds/0/reports", "true", "$.kinds[0].reports")]
    [InlineData("roles/1/code", "\"committee\"", "$.roles[1].code")]
    [InlineData("roles/1/oncePer", "\"estate\"", "$.roles[1].oncePer")]
    [InlineData("purposes/0/by", "[]", "$.purposes[0].by")]
    [InlineData("purposes/0/by", "[\"mayor\"]", "$.purposes[0].by[0]")]
    [InlineData("purposes/0/fields", "[\"floors\"]", "$.purposes[0].fields[0]")]
    public void A_mistake_is_named_by_its_member(string path, string value, string member)
    {
        var root = JsonNode.Parse(RegisterBook.ShippedKinds())!;
        var steps = path.Split('/');
        var at = steps[..^1].Aggregate(root, (node, step) => int.TryParse(step, out var i) ? node[i]! : node[step]!);
        at[steps[^1]] = JsonNode.Parse(value);
        var wrong = Assert.Throws<UnusableDocumentException>(() => KindsJson.Parse(root.ToJsonString(), 1));
        Assert.Contains(member, wrong.English, StringComparison.Ordinal);
        Assert.Contains(member, wrong.Chinese, StringComparison.Ordinal);
    }

    /// <summary>党员户 and its like decide nothing: they are read for a purpose alone, and the register that chooses and resolves has no room for them.</summary>
    [Fact]
    public void What_is_read_for_a_purpose_is_unknown_to_whatever_decides()
    {
        var kinds = KindsJson.Parse(RegisterBook.ShippedKinds(), 1);
        foreach (var key in (string[])["keyHousehold", "partyHousehold", "emptyHousehold"])
            Assert.All(kinds.All.Where(k => k.FindField(key) is not null), k => Assert.Equal(Domain.Matters.Privacy.Sealed, k.FindField(key)!.Privacy));
        Assert.DoesNotContain(typeof(Entry).GetProperties(), p => p.Name.Contains("Field", StringComparison.Ordinal));
        var domain = typeof(Entry).Assembly.GetTypes().SelectMany(t => t.GetProperties().Select(p => $"{t.Name}.{p.Name}")).ToList();
        Assert.DoesNotContain(domain, name => name.Contains("Household", StringComparison.Ordinal));
    }
}
