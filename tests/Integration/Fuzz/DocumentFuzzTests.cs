using System.Text;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DispatchCenter.Integration.Fuzz;

/// <summary>Whatever document, table or photo is given: it is refused with a sentence, or taken and then everything works with it.</summary>
public sealed class DocumentFuzzTests
{
    private readonly Fuzzing _fuzz = new();

    /// <summary>A policy with any member missing or of another kind is refused with a sentence, or taken and then every page works with it.</summary>
    [Fact]
    public async Task A_document_is_refused_with_a_sentence_or_every_page_works_with_it()
    {
        await using var street = await TestStreet.StartAsync();
        await _fuzz.KnowAsync(street);
        var policies = street.Service<PolicyBook>();
        var (_, json) = await policies.TextAsync(CancellationToken.None);
        var garbage = new Garbage(Fuzzing.Seed);
        var (admin, duty) = (await street.As("admin"), await street.As("duty"));
        var rules = (await admin.Read("/api/reach")).Json.GetProperty("rules").GetRawText();
        var procedures = Fuzzing.Embedded(".procedures.").Select(f => Encoding.UTF8.GetString(f.Value)).ToList();
        var (taken, refused) = (0, 0);
        for (var i = 0; i < Fuzzing.Times / 8; i++)
        {
            var document = garbage.Mutated(json);
            var isTaken = false;
            try
            {
                await policies.AddAsync(document, "fuzz", CancellationToken.None);
                isTaken = true;
            }
            catch (UnusableDocumentException)
            {
                refused++;
            }
            catch (Exception e)
            {
                _fuzz.Wrong.Add($"policy {Fuzzing.Difference(json, document)}: {e.GetType().Name} {e.Message}");
            }

            var put = await admin.Ask(HttpMethod.Put, "/api/reach", Fuzzing.JsonContent($$"""{"rules":{{garbage.Mutated(rules)}}}"""));
            _fuzz.Count("reach rules", put);
            var procedure = garbage.One(procedures);
            var tried = garbage.Mutated(procedure);
            _fuzz.Count("procedure " + Fuzzing.Difference(procedure, tried), await admin.Send("/api/procedures", System.Text.Json.JsonSerializer.Serialize(new { document = tried })));
            _fuzz.Count("procedure tried " + Fuzzing.Difference(procedure, tried), await admin.Send("/api/procedures/dry-run", System.Text.Json.JsonSerializer.Serialize(new { document = tried, grid = "001" })));
            if (!isTaken) continue;
            taken++;
            foreach (var path in (string[])["/s/01", "/g/001?lang=en", "/api/street"]) _fuzz.Count($"{path} with policy {Fuzzing.Difference(json, document)}", await street.Anyone.Read(path));
            _fuzz.Count($"/api/stats.csv with policy {Fuzzing.Difference(json, document)}", await duty.Read("/api/stats.csv"));
            _fuzz.Count($"/admin/policy with policy {Fuzzing.Difference(json, document)}", await admin.Read("/admin/policy"));
            _fuzz.Count($"a whistle with policy {Fuzzing.Difference(json, document)}", await street.Anyone.Send("/api/whistles", $$"""{"grid":"001","category":"{{_fuzz.OneCategory(garbage)}}"}"""));
            if (_fuzz.Wrong.Count > 20) break;
        }

        Fuzzing.Print($"{taken} policies taken, {refused} refused; {string.Join(", ", _fuzz.Answers.Select(a => $"{a.Value} × {a.Key}"))}");
        _fuzz.NothingWrong();
        await policies.AddAsync(json, "fuzz", CancellationToken.None);
        await Fuzzing.GoesOnAsync(street);
    }

    [Fact]
    public async Task A_table_or_a_photo_is_read_or_refused_by_name()
    {
        await using var street = await TestStreet.StartAsync();
        await _fuzz.KnowAsync(street);
        var garbage = new Garbage(Fuzzing.Seed);
        var duty = await street.As("duty");
        var streetTables = Fuzzing.Embedded(".Demo.").ToDictionary(f => string.Join('.', f.Key.Split('.')[^2..]), f => Encoding.UTF8.GetString(f.Value));
        var tables = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data", "tables")).Select(File.ReadAllBytes).Append(await (await duty.GetAsync("/api/roster.csv?from=2026-03-11&to=2026-03-12")).Content.ReadAsByteArrayAsync()).ToList();
        byte[][] photos = [MadePhotos.Jpeg(), MadePhotos.Png(), MadePhotos.JpegWithPosition(), .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data", "photos")).Select(File.ReadAllBytes)];
        var standards = File.ReadAllBytes(StandardsTests.RealFile);
        var holidays = Fuzzing.Embedded("cn-holidays.csv").Values.Single();
        var policy = street.Service<PolicyBook>().Current.Latest;
        await using var scope = street.App.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<AccountCommands>();
        for (var i = 0; i < Fuzzing.Times / 8; i++)
        {
            var table = garbage.Mutated(garbage.One(tables));
            await _fuzz.TryAsync("roster", table, async () => _fuzz.Count("roster table", await duty.Send("/api/roster/import", table, contentType: "text/csv")));
            var changed = garbage.One([.. streetTables.Keys]);
            var text = garbage.MutatedTable(streetTables[changed]);
            await _fuzz.TryAsync(changed + " " + Fuzzing.Difference(streetTables[changed], text), null, () =>
            {
                StreetFiles.Read(file => new MemoryStream(Encoding.UTF8.GetBytes(file == changed ? text : streetTables[file])));
                return Task.CompletedTask;
            });
            if (i % 10 == 0) // these are long
            {
                var some = garbage.Mutated(standards);
                await _fuzz.TryAsync("standards", null, () => StandardsFile.ReadAsync("x.csv", () => new MemoryStream(some), () => Task.FromResult(policy)));
            }

            var days = garbage.Mutated(garbage.Chance(50) ? holidays : garbage.One(tables));
            await _fuzz.TryAsync("holidays", days, () => Task.FromResult(Holidays.Read("x.csv", () => new MemoryStream(days), 2026)));
            var hired = garbage.Chance(50) ? garbage.Mutated(garbage.One(tables)) : Encoding.UTF8.GetBytes(garbage.MutatedTable("account,kind,place\nfuzz-a,gridWorker,001\nfuzz-b,property,01\nfuzz-c,admin,\n"));
            if (i % 10 == 0) await _fuzz.TryAsync("staff", hired, () => people.TakeAsync(TestStreet.Admin, "x.csv", () => new MemoryStream(hired), CancellationToken.None));
            var photo = garbage.Mutated(garbage.One(photos));
            _fuzz.Count("photo", await street.Anyone.Send("/api/photos", photo, contentType: "image/jpeg"));
        }

        Fuzzing.Print(string.Join(", ", _fuzz.Answers.Select(a => $"{a.Value} × {a.Key}")));
        _fuzz.NothingWrong();
        await Fuzzing.GoesOnAsync(street);
    }
}
