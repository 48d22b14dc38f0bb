using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace DispatchCenter.Web.Kernel;

/// <summary>The start-up message for newcomers.</summary>
internal static class Welcome
{
    public static void Print(WebApplication app, DispatchOptions options)
    {
        var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:5080";
        var fingerprint = app.Services.GetRequiredService<Database>().Chain!.Key.Fingerprint;
        if (!options.Demo)
        {
            Console.WriteLine($"DispatchCenter 睦邻调度中心 {url}\n审计链公钥 audit chain key {fingerprint}");
            return;
        }

        var station = app.Services.GetRequiredService<StreetBook>().Map.Stations.FirstOrDefault()?.Code.Value ?? "01";
        var team = app.Services.GetRequiredService<StreetBook>().Map;
        var grid = team.FindStation(station)?.Grid.Value ?? "001";
        Console.WriteLine($"""

            DispatchCenter 睦邻调度中心 — 演示街道 demo street（演示数据）
              居民吹哨 resident   {url}/s/{station}
              管家队 team phone   {url}/m        grid{grid}
              值班台 duty desk    {url}/desk     duty
              核查 verification   {url}/review   grid001 … grid130
              接口 API            {url}/swagger
              账号 accounts       duty duty2 leader community01…17 grid001…130 property/head/police01…36 admin auditor wall
              口令 password       {options.DemoPassword}
              审计链公钥 audit key {fingerprint}
            """);
    }
}
