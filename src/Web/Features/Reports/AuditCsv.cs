using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel.Words;

namespace DispatchCenter.Web.Features.Reports;

/// <summary>The journal and the access log as tables, with words beside their codes; times in Asia/Shanghai.</summary>
internal static class AuditCsv
{
    public static byte[] Journal(IEnumerable<AuditLine> lines, PostNames posts, Wording words) => Csv.Write("audit_journal", lines.Select(line => (IEnumerable<string>)
    [
        Number(line.Seq), Time(line.At), line.CallNo, Number(line.Version), Word("ui.what.", line.What, words), line.Answer is { } answer ? Word("ui.kind.", answer.TrimEnd([.. "0123456789"]), words) : string.Empty,
        line.By, posts.Of(line.By, words), line.Due is { } due ? Time(due) : string.Empty, string.Join(' ', line.Detail),
    ]));

    public static byte[] Reads(IEnumerable<ReadLine> lines, PostNames posts, Wording words) => Csv.Write("audit_reads", lines.Select(line => (IEnumerable<string>)
        [Number(line.Id), Time(line.At), line.CallNo, line.Post, posts.Of(line.Post, words), Word("ui.looked.", line.Looked, words), line.Reason ?? string.Empty]));

    private static string Word(string prefix, string code, Wording words) => words.Has(prefix + code) ? words[prefix + code] : code;

    private static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.ToOffset(WorkCalendar.Offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
