using System.Globalization;
using System.Text.Json.Nodes;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Street;
using static DispatchCenter.Unit.TestStreet;

namespace DispatchCenter.Unit.Matters;

/// <summary>A procedure of a community that has a little of everything and no mistakes.</summary>
internal static class SampleProcedure
{
    public const string Json = """
        {
          "code": "sample", "name": "样例", "nameEn": "Sample", "about": "样样都有。", "aboutEn": "A little of everything.",
          "place": "community", "starters": ["communityDesk", "gridWorker"], "caller": true, "opening": "request", "promise": { "limit": "10wd", "until": "sign" }, "cancelled": "giveBack",
          "forms": [
            { "key": "request", "fields": [
              { "key": "what", "name": "何事", "nameEn": "What", "kind": "longText", "required": true, "privacy": "public" },
              { "key": "phone", "name": "电话", "nameEn": "Phone", "kind": "phone", "privacy": "reason" },
              { "key": "kind", "name": "种类", "nameEn": "Kind", "kind": "choice", "choices": [{ "code": "a", "name": "甲", "nameEn": "A" }, { "code": "b", "name": "乙", "nameEn": "B" }] }] },
            { "key": "paper", "fields": [{ "key": "name", "name": "名称", "nameEn": "Name", "kind": "text" }] }
          ],
          "stages": [
            { "key": "take", "name": "接手", "nameEn": "Take", "limit": "4sh",
              "asks": [{ "key": "take", "name": "接手", "nameEn": "Take", "roles": ["gridWorker"], "barred": ["starter"] }],
              "next": { "accepted": { "to": "papers", "name": "接手", "nameEn": "Accepted" }, "no": { "to": "end", "name": "不办", "nameEn": "No" } } },
            { "key": "papers", "name": "收件", "nameEn": "Papers",
              "asks": [{ "key": "papers", "name": "收件", "nameEn": "Papers", "roles": ["who:take"], "form": "paper", "collects": true }],
              "next": { "done": { "to": "vote", "name": "收齐", "nameEn": "Done" } } },
            { "key": "vote", "name": "表决", "nameEn": "Vote", "gate": "vote", "quorum": 2, "majority": "twoThirds", "limit": "1wd", "visibility": "sealed",
              "asks": [{ "key": "vote", "name": "表决", "nameEn": "Vote", "roles": ["communityDesk", "streetDesk", "party:police"], "need": "all", "at": "community" }],
              "next": { "passed": { "to": "sign", "name": "通过", "nameEn": "Passed" }, "rejected": { "to": "giveBack", "name": "否决", "nameEn": "Rejected" }, "noQuorum": { "to": "giveBack", "name": "人数不足", "nameEn": "No quorum" } } },
            { "key": "sign", "name": "签字", "nameEn": "Sign", "gate": "sign", "limit": "2wd",
              "asks": [{ "key": "sign", "name": "签字", "nameEn": "Sign", "roles": ["communityDesk", "streetDesk"], "need": "2" }],
              "next": { "passed": { "to": "several", "name": "通过", "nameEn": "Passed" }, "failed": { "to": "giveBack", "name": "不通过", "nameEn": "Failed" }, "lapsed": { "to": "giveBack", "name": "逾期", "nameEn": "Lapsed" } } },
            { "key": "several", "name": "几件事", "nameEn": "Several",
              "asks": [
                { "key": "talk", "name": "谈", "nameEn": "Talk", "roles": ["chosen", "gridWorker"], "eachPost": true, "need": "3", "barred": ["take", "starter"] },
                { "key": "write", "name": "写", "nameEn": "Write", "roles": ["caller", "starter"] }],
              "next": { "done": { "to": "wait", "name": "办完", "nameEn": "Done" } } },
            { "key": "wait", "name": "等", "nameEn": "Wait", "awaitsChildren": true, "next": { "done": { "to": "cool", "name": "等到", "nameEn": "Done" } } },
            { "key": "cool", "name": "公示", "nameEn": "Notice", "limit": "1d", "visibility": "public", "next": { "lapsed": { "to": "giveBack", "name": "期满", "nameEn": "Over" } } },
            { "key": "giveBack", "name": "退还", "nameEn": "Give back",
              "asks": [{ "key": "giveBack", "name": "退还", "nameEn": "Give back", "roles": ["who:take"], "perItemOf": "papers" }],
              "next": { "done": { "to": "end", "name": "退完", "nameEn": "Done" } } }
          ]
        }
        """;

    public static Procedure Read(string json = Json) => ProcedureJson.ParseStored(json, 1, DefaultPolicy);

    /// <param name="path">Into the document: <c>stages/0/key</c>.</param>
    /// <param name="instead">What is written there; null to take it away.</param>
    public static string Changed(string path, string? instead)
    {
        var root = JsonNode.Parse(Json)!;
        var steps = path.Split('/');
        var parent = steps[..^1].Aggregate(root, (node, step) => node is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)]! : node[step]!);
        if (parent is JsonArray array) array[int.Parse(steps[^1], CultureInfo.InvariantCulture)] = instead is null ? null : JsonNode.Parse(instead);
        else if (instead is null) parent.AsObject().Remove(steps[^1]);
        else parent[steps[^1]] = JsonNode.Parse(instead);
        return root.ToJsonString();
    }
}
